import type { Answer } from '../rows/answer.js';
import { ask, instantText, type OfAccount, type PastReader, type Question } from './cut.js';

/** An instant on an account's own clock, epoch ms. */
export interface AccountInstant extends OfAccount {
  readonly before: number;
}

/**
 * The groups of an account are in the order of their instants, so that the last one before an instant is found by halving: some twenty
 * look-ups for a million groups, and no index that every entry would have to enter.
 */
const VERSIONS = {
  name: 'past_versions',
  text: `/* past.versions */ SELECT u.place, found.version FROM unnest($1::uuid[], $2::timestamptz[]) WITH ORDINALITY AS u(account_id, before, place)
    CROSS JOIN LATERAL (
      WITH RECURSIVE halved AS (
        SELECT 0::bigint AS low, a.version AS high FROM ledger_account a WHERE a.account_id = u.account_id
        UNION ALL
        SELECT CASE WHEN m.at < u.before THEN m.version ELSE h.low END, CASE WHEN m.at < u.before THEN h.high ELSE m.version - 1 END
        FROM halved h CROSS JOIN LATERAL (
          SELECT j.version, j.at FROM journal j
          WHERE j.account_id = u.account_id AND j.version = (h.low + h.high + 1) / 2 AND j.ordinal = 0 LIMIT 1) m
        WHERE h.low < h.high
      )
      SELECT h.low AS version FROM halved h WHERE h.low = h.high) found`,
  answer: { place: 'bigint', version: 'bigint' },
} as const satisfies Question<Answer>;

/**
 * The last version before each instant; 0: the account was not there yet.
 *
 * @returns in the order asked; undefined for an account that is not there, or whose journal has a gap
 */
export async function readVersions(
  reader: PastReader,
  instants: readonly AccountInstant[],
): Promise<readonly (number | undefined)[]> {
  const rows = await ask(reader, VERSIONS, [
    instants.map(({ accountId }) => accountId),
    instants.map(({ before }) => instantText(before)),
  ]);
  const versions = new Map(rows.map(({ place, version }) => [place, version]));
  return instants.map((_, index) => versions.get(index + 1));
}
