import type { TimeRange } from '../accounts/periods.js';
import { badUserInput } from '../kit/errors.js';
import { grouped } from '../kit/grouped.js';
import { ask, type PastReader } from '../ledger/past/cut.js';
import { type CommittedLine, readCommittedLines } from './read-committed-lines.js';
import { type RepricedOperation, repriceLines } from './reprice-lines.js';

/** What is read for one preview at most. */
export const PREVIEW_RESERVATIONS_MAX = 100_000;
const ACCOUNTS_AT_ONCE = 2_000;
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

/** Accounts of a side in the order of their ids, and whether they have usage on some days. */
const ACCOUNTS = {
  name: 'prices_accounts',
  text: `/* prices.accounts */ SELECT a.account_id AS id, used.day IS NOT NULL AS "isActive"
    FROM (SELECT c.account_id FROM account c WHERE c.sandbox = ($1::boolean[])[1] AND c.account_id > ($2::uuid[])[1]
      ORDER BY c.account_id LIMIT ${ACCOUNTS_AT_ONCE}) a
    LEFT JOIN LATERAL (SELECT d.day FROM usage_day d
      WHERE d.account_id = a.account_id AND d.day BETWEEN ($3::date[])[1] AND ($4::date[])[1] LIMIT 1) used ON true
    ORDER BY a.account_id`,
  answer: { id: 'uuid', isActive: 'boolean' },
} as const;

/** Whose commits are looked at: one account's, or those of a side. */
export type PreviewReach =
  | { readonly accountId: string }
  | {
      readonly sandbox: boolean;
      /** Between these days, in whichever time zone, lie all commits of the span. */
      readonly days: readonly [from: string, to: string];
    };

export interface PricePreview {
  readonly accounts: number;
  readonly byOperation: ReadonlyMap<string, RepricedOperation>;
}

/**
 * What other costs would have made of all that was committed within a span, line by line.
 *
 * @param range  by the accounts' own clocks
 * @throws BAD_USER_INPUT `from` for more than 100,000 reservations
 * Source: docs/domain.md, Catalogue; docs/decisions/price-preview.md
 */
export async function previewPriceList(
  reader: PastReader,
  reach: PreviewReach,
  range: TimeRange,
  costs: ReadonlyMap<string, number>,
): Promise<PricePreview> {
  const lines: CommittedLine[] = [];
  let left = PREVIEW_RESERVATIONS_MAX;
  for await (const accountIds of accountsOf(reader, reach)) {
    const read = await readCommittedLines(reader, accountIds, range, left);
    if (read === null)
      throw badUserInput(
        'from',
        `More than ${grouped(PREVIEW_RESERVATIONS_MAX)} reservations were committed: ask for fewer days, or for one account.`,
      );
    lines.push(...read);
    left -= new Set(read.map(({ reservation }) => reservation.id)).size;
  }
  return {
    accounts: new Set(lines.map(({ accountId }) => accountId)).size,
    byOperation: repriceLines(lines, costs),
  };
}

async function* accountsOf(reader: PastReader, reach: PreviewReach): AsyncGenerator<readonly string[]> {
  if ('accountId' in reach) {
    yield [reach.accountId];
    return;
  }
  const [from, to] = reach.days;
  for (let after = FIRST_UUID; ;) {
    const rows = await ask(reader, ACCOUNTS, [[String(reach.sandbox)], [after], [from], [to]]);
    const active = rows.filter(({ isActive }) => isActive).map(({ id }) => id);
    if (active.length > 0) yield active;
    if (rows.length < ACCOUNTS_AT_ONCE) return;
    after = rows.at(-1)?.id ?? after;
  }
}
