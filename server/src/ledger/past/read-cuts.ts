import type { Answer } from '../rows/answer.js';
import { ask, type Cut, instantText, type OfAccount, type PastReader, type Question } from './cut.js';
import { readVersions } from './read-versions.js';

/** An instant on an account's own clock at which a day begins, epoch ms. */
export interface AccountDayStart extends OfAccount {
  readonly at: number;
}

const CLOSED = {
  name: 'past_closed',
  text: `/* past.closed */ SELECT u.place, p.version, p.ordinal
    FROM unnest($1::uuid[], $2::timestamptz[]) WITH ORDINALITY AS u(account_id, at, place)
    CROSS JOIN LATERAL (
      SELECT c.version, c.ordinal FROM closed_period c WHERE c.account_id = u.account_id AND c.end_at = u.at
      ORDER BY c.number LIMIT 1) p`,
  answer: { place: 'bigint', version: 'bigint', ordinal: 'integer' },
} as const satisfies Question<Answer>;

/**
 * Where a day begins in an account's journal: before all that was written at or after its first instant. Where a period ends at that
 * very instant, behind what closed it, as the period has it, so that periods and days that begin together agree.
 *
 * @returns in the order asked; undefined for an account that is not there, or whose journal has a gap
 * Source: docs/domain.md, The past
 */
export async function readCuts(
  reader: PastReader,
  instants: readonly AccountDayStart[],
): Promise<readonly (Cut | undefined)[]> {
  const closed = await ask(reader, CLOSED, [
    instants.map(({ accountId }) => accountId),
    instants.map(({ at }) => instantText(at)),
  ]);
  const versions = await readVersions(
    reader,
    instants.map(({ accountId, at }) => ({ accountId, before: at })),
  );
  const closings = new Map(closed.map(({ place, version, ordinal }) => [place, { version, ordinal }]));
  return instants.map((_, index) => {
    const version = versions[index];
    return closings.get(index + 1) ?? (version === undefined ? undefined : { version: version + 1, ordinal: 0 });
  });
}

/** The earlier of two places. */
export function earlier(a: Cut, b: Cut): Cut {
  return a.version < b.version || (a.version === b.version && a.ordinal <= b.ordinal) ? a : b;
}
