import type { CreditType } from '../../catalog/catalog.js';
import type { Answer } from '../rows/answer.js';
import { ask, type Cut, type OfAccount, type PastReader, type Question } from './cut.js';

/** A place of an account's journal, seen by one credit type. */
export interface TypeCut extends OfAccount {
  readonly creditType: CreditType;
  readonly cut: Cut;
}

/** What an account owned of a credit type: `available` is all that was free, of which `waiting` could not be used. */
export interface Owned {
  readonly available: number;
  readonly held: number;
  readonly waiting: number;
}

/*
 * No equality of the type: compared with the place, it leads the only index that has this order, and no other is taken for it.
 * As in ledger/graph/search-entries.ts.
 */
const OWNED = {
  name: 'past_owned',
  text: `/* past.owned */ SELECT u.place, e.available_after AS available, e.held_after AS held, w.waiting
    FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[]) WITH ORDINALITY AS u(account_id, credit_type, version, ordinal, place)
    LEFT JOIN LATERAL (
      SELECT j.available_after, j.held_after FROM journal j
      WHERE j.account_id = u.account_id AND j.kind IS NOT NULL AND j.credit_type >= u.credit_type
        AND (j.credit_type, j.version, j.ordinal) < (u.credit_type, u.version, u.ordinal)
      ORDER BY j.credit_type DESC, j.version DESC, j.ordinal DESC LIMIT 1) e ON true
    LEFT JOIN LATERAL (
      SELECT c.waiting FROM waiting_credits c
      WHERE c.account_id = u.account_id AND c.credit_type = u.credit_type AND c.version < u.version
      ORDER BY c.version DESC LIMIT 1) w ON true
    ORDER BY u.place`,
  answer: { place: 'bigint', available: 'bigint?', held: 'bigint?', waiting: 'bigint?' },
} as const satisfies Question<Answer>;

/** What was owned at each place, in the order asked; nothing where there was no entry yet. */
export async function readOwned(reader: PastReader, cuts: readonly TypeCut[]): Promise<readonly Owned[]> {
  const rows = await ask(reader, OWNED, [
    cuts.map(({ accountId }) => accountId),
    cuts.map(({ creditType }) => creditType),
    cuts.map(({ cut }) => cut.version),
    cuts.map(({ cut }) => cut.ordinal),
  ]);
  return rows.map(({ available, held, waiting }) => ({
    available: available ?? 0,
    held: held ?? 0,
    waiting: waiting ?? 0,
  }));
}
