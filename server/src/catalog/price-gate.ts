import type pg from 'pg';
import type { EntityManager } from 'typeorm';

/*
 * The gate between whoever prices something and whoever publishes a price list: an advisory lock. A batch of the ledger has it shared from
 * before it looks at the clock until its commit, a quote while it does; a publication has it alone from before its instant until its commit.
 * Source: docs/decisions/price-gate.md
 */

/** Classes of advisory locks: 4711 is the feed's, 4712 that of external ids. The function `price_clock` names this one too. */
const GATE = '4713, 1';

/** A condition that is always so, once nothing is being published; it holds until the transaction ends. */
export const PASSED_PRICE_GATE = `(SELECT pg_advisory_xact_lock_shared(${GATE})::text) IS NOT NULL`;

/** How long everybody may be kept waiting by a publication that waits for a batch that does not end. */
const CLOSING_MS_MAX = 1_000;

/**
 * Waits until nobody prices anything, and keeps everybody from it until the transaction ends.
 *
 * @param manager  of a transaction
 * @returns the first instant at which nobody has priced anything yet, by the database's clock, epoch milliseconds
 * @throws QueryFailedError when a batch does not end within a second
 */
export async function closePriceGate(manager: EntityManager): Promise<number> {
  await manager.query(`SELECT set_config('lock_timeout', $1, true)`, [String(CLOSING_MS_MAX)]);
  await manager.query(`SELECT pg_advisory_xact_lock(${GATE})`);
  const [row]: { now_ms: string }[] = await manager.query(
    `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now_ms`,
  );
  // The present millisecond may have been priced just before.
  return Number(row?.now_ms) + 1;
}

/** What time it is for prices, and the newest list there is. */
export interface PriceClock {
  /** The database's clock, epoch milliseconds. */
  readonly now: number;
  /** The highest version of a price list; 0: there is none. */
  readonly newestList: number;
}

/**
 * Reads the clock and the newest list, one after the other, while nothing is being published: every list whose instant that clock has
 * reached is no newer than `newestList`.
 */
export async function readPriceClock(reader: Pick<pg.Pool, 'query'>): Promise<PriceClock> {
  const { rows } = await reader.query<{ now: string | number; newest: string | number | null }>(
    '/* prices.clock */ SELECT k.now, k.newest_list AS newest FROM price_clock() k',
  );
  return { now: Number(rows[0]?.now), newestList: Number(rows[0]?.newest ?? 0) };
}
