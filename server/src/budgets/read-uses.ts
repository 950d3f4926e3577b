import type pg from 'pg';
import { ask } from '../ledger/past/cut.js';

/** How much of a budget one member uses in a window. */
export interface Use {
  readonly member: string;
  readonly consumed: number;
  readonly held: number;
}

/** A budget and the window that is asked for. */
export interface AskedUse {
  readonly number: number;
  readonly start: number;
}

/* Members' counters of budgets that count each of them; a tally that was last changed before a window has none of that window. */
const USES = {
  name: 'budgets_uses',
  text: `/* budgets.uses */ SELECT t.member, (c->>2)::bigint AS consumed, (c->>3)::bigint AS held
    FROM budget_tally t, jsonb_array_elements(t.counters::jsonb) c
    WHERE t.account_id = ($1::uuid[])[1] AND t.changed_at >= to_timestamp(($3::bigint[])[1] / 1000.0)
      AND c->>0 = ($2::bigint[])[1]::text AND c->>1 = ($3::bigint[])[1]::text
      AND (t.member <> '' OR (c->>2)::bigint + (c->>3)::bigint > 0)
      AND (-(c->>2)::bigint - (c->>3)::bigint, t.member) > (-($4::bigint[])[1], ($5::text[])[1])
    ORDER BY -(c->>2)::bigint - (c->>3)::bigint, t.member LIMIT ($6::bigint[])[1]`,
  answer: { member: 'text', consumed: 'bigint', held: 'bigint' },
} as const;

const FULLEST = {
  name: 'budgets_fullest',
  text: `/* budgets.fullest */ SELECT u.number, one.member, one.consumed, one.held
    FROM unnest($2::bigint[], $3::bigint[]) AS u(number, start), LATERAL (
      SELECT t.member, (c->>2)::bigint AS consumed, (c->>3)::bigint AS held
      FROM budget_tally t, jsonb_array_elements(t.counters::jsonb) c
      WHERE t.account_id = ($1::uuid[])[1] AND t.changed_at >= to_timestamp(u.start / 1000.0)
        AND c->>0 = u.number::text AND c->>1 = u.start::text
      ORDER BY (c->>2)::bigint + (c->>3)::bigint DESC, t.member LIMIT 1) one`,
  answer: { number: 'bigint', member: 'text', consumed: 'bigint', held: 'bigint' },
} as const;

/** Before the fullest of all. */
export const FROM_THE_FULLEST = { used: Number.MAX_SAFE_INTEGER, member: '' };

/**
 * Members' uses of a budget in a window, the fullest first; what the members beyond the ten thousandth share stands under no name.
 *
 * @param after  behind which use, by how much was used and by whom
 */
export function readUses(
  reader: pg.Pool,
  accountId: string,
  { number, start }: AskedUse,
  after: { readonly used: number; readonly member: string },
  limit: number,
): Promise<readonly Use[]> {
  return ask(reader, USES, [[accountId], [number], [start], [after.used], [after.member], [limit]]);
}

/** The fullest use of each of some budgets, by the budget's number. */
export async function readFullest(
  reader: pg.Pool,
  accountId: string,
  asked: readonly AskedUse[],
): Promise<ReadonlyMap<number, Use>> {
  if (asked.length === 0) return new Map();
  const rows = await ask(reader, FULLEST, [
    [accountId],
    asked.map(({ number }) => number),
    asked.map(({ start }) => start),
  ]);
  return new Map(rows.map(({ number, ...use }) => [number, use]));
}
