import { CREDIT_TYPES } from '../../catalog/catalog.js';
import type { Answer } from '../rows/answer.js';
import { ask, type Cut, type PastReader, type Question } from './cut.js';
import { type AccountDayStart, readCuts } from './read-cuts.js';

/** Bought credits of one purchase that were neither spent nor gone: free, held or waiting. */
export interface UnspentPurchase {
  readonly purchaseId: string;
  readonly unspent: number;
}

const HEADS = {
  name: 'past_heads',
  text: `/* past.heads */ SELECT u.place, a.version FROM unnest($1::uuid[]) WITH ORDINALITY AS u(account_id, place)
    JOIN ledger_account a ON a.account_id = u.account_id`,
  answer: { place: 'bigint', version: 'bigint' },
} as const satisfies Question<Answer>;

const LEFT_NOW = {
  name: 'past_left_now',
  text: `/* past.left_now */ SELECT u.place, g.purchase_id AS "purchaseId", sum(g.available + g.held)::bigint AS left
    FROM unnest($1::uuid[]) WITH ORDINALITY AS u(account_id, place)
    JOIN credit_grant g ON g.account_id = u.account_id AND g.source = 'PURCHASE' AND g.purchase_id IS NOT NULL
    GROUP BY u.place, g.purchase_id`,
  answer: { place: 'bigint', purchaseId: 'uuid', left: 'bigint' },
} as const satisfies Question<Answer>;

/* What entries between two places did to what is left of bought grants; what is held is left. */
const CHANGES = {
  name: 'past_bought_changes',
  text: `/* past.bought_changes */ SELECT u.place, g.purchase_id AS "purchaseId",
      sum(CASE WHEN j.kind = 'GRANT' THEN j.amount WHEN j.kind IN ('RESERVE', 'RELEASE') THEN 0 ELSE -j.amount END)::bigint AS change
    FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::integer[]) WITH ORDINALITY
      AS u(account_id, credit_type, from_version, from_ordinal, to_version, to_ordinal, place)
    CROSS JOIN LATERAL (
      SELECT e.kind, e.amount, e.grant_id FROM journal e WHERE e.account_id = u.account_id AND e.kind IS NOT NULL
        AND (e.credit_type, e.version, e.ordinal) >= (u.credit_type, u.from_version, u.from_ordinal)
        AND (e.credit_type, e.version, e.ordinal) < (u.credit_type, u.to_version, u.to_ordinal)) j
    JOIN credit_grant g ON g.account_id = u.account_id AND g.grant_id = j.grant_id
      AND g.source = 'PURCHASE' AND g.purchase_id IS NOT NULL
    GROUP BY u.place, g.purchase_id`,
  answer: { place: 'bigint', purchaseId: 'uuid', change: 'bigint' },
} as const satisfies Question<Answer>;

const BEGINNING: Cut = { version: 1, ordinal: 0 };
const END: Cut = { version: Number.MAX_SAFE_INTEGER, ordinal: 0 };

/**
 * What was unspent of each purchase of an account when a day began, by instants of many accounts at once.
 *
 * Summed over the account's entries, from its beginning or back from its end, whichever is nearer: yesterday costs what happened since.
 *
 * @param reader  in one snapshot
 * @returns for each instant the purchases of which something was left
 */
export async function readUnspent(
  reader: PastReader,
  instants: readonly AccountDayStart[],
): Promise<readonly (readonly UnspentPurchase[])[]> {
  const ids = instants.map(({ accountId }) => accountId);
  const cuts = await readCuts(reader, instants);
  const heads = new Map((await ask(reader, HEADS, [ids])).map(({ place, version }) => [place - 1, version]));
  const left = instants.map(() => new Map<string, number>());
  const add = (index: number, purchaseId: string, credits: number): void => {
    const own = left[index];
    own?.set(purchaseId, (own.get(purchaseId) ?? 0) + credits);
  };
  const isBack = instants.map((_, index) => 2 * (cuts[index]?.version ?? 0) > (heads.get(index) ?? 0));
  for (const row of await ask(reader, LEFT_NOW, [ids]))
    if (isBack[row.place - 1]) add(row.place - 1, row.purchaseId, row.left);
  const spans = instants.flatMap(({ accountId }, index) => {
    const cut = cuts[index] ?? BEGINNING;
    const [from, to] = isBack[index] ? [cut, END] : [BEGINNING, cut];
    return CREDIT_TYPES.map((creditType) => ({ accountId, creditType, from, to, index }));
  });
  const changes = await ask(reader, CHANGES, [
    spans.map(({ accountId }) => accountId),
    spans.map(({ creditType }) => creditType),
    spans.map(({ from }) => from.version),
    spans.map(({ from }) => from.ordinal),
    spans.map(({ to }) => to.version),
    spans.map(({ to }) => to.ordinal),
  ]);
  for (const { place, purchaseId, change } of changes) {
    const { index } = spans[place - 1] as (typeof spans)[number];
    add(index, purchaseId, isBack[index] ? -change : change);
  }
  return left.map((own) =>
    [...own].flatMap(([purchaseId, unspent]) => (unspent === 0 ? [] : [{ purchaseId, unspent }])),
  );
}
