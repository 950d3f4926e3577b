import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PurchaseState, RefundState } from '../ledger/core/purchase.js';
import { PURCHASE, toPurchase } from '../ledger/rows/purchase-rows.js';
import { REFUND } from '../ledger/rows/refund-rows.js';
import type { Row } from '../ledger/wire/flight.js';

/** The most that one round looks after; what is left follows in the next. */
const ROUND_MAX = 200;
const FIRST_WAIT_MS = 60_000;
const WAIT_MS_MAX = 3_600_000;

/** Purchases of which the provider has not said for good how they ended: of one account, or all whose turn it is. */
export async function findUnsettled(
  pool: pg.Pool,
  of: { readonly accountId: string } | { readonly now: number },
): Promise<PurchaseState[]> {
  const { rows } =
    'accountId' in of
      ? await pool.query<Row>({
          text: `/* billing.unsettled_of */ SELECT ${PURCHASE.select('p')} FROM purchase p
            WHERE p.account_id = $1 AND NOT p.is_settled ORDER BY p.purchase_id LIMIT ${ROUND_MAX}`,
          values: [of.accountId],
        })
      : await pool.query<Row>({
          text: `/* billing.unsettled */ SELECT ${PURCHASE.select('p')} FROM purchase p
            LEFT JOIN payment_watch w ON w.account_id = p.account_id AND w.subject_id = p.purchase_id
            WHERE NOT p.is_settled AND (w.ask_at IS NULL OR w.ask_at <= $1) ORDER BY w.ask_at NULLS FIRST LIMIT ${ROUND_MAX}`,
          values: [new Date(of.now).toISOString()],
        });
  return PURCHASE.read(rows).map(toPurchase);
}

/** Money that has to go back and is not known to be on its way, whose turn it is. */
export async function findUnsent(pool: pg.Pool, now: number): Promise<RefundState[]> {
  const { rows } = await pool.query<Row>({
    text: `/* billing.unsent */ SELECT ${REFUND.select('r')} FROM refund r
      LEFT JOIN payment_watch w ON w.account_id = r.account_id AND w.subject_id = r.refund_id
      WHERE r.ref IS NULL AND (w.ask_at IS NULL OR w.ask_at <= $1) ORDER BY w.ask_at NULLS FIRST LIMIT ${ROUND_MAX}`,
    values: [new Date(now).toISOString()],
  });
  return REFUND.read(rows).map((row) => ({ ...row }));
}

/** The database's clock, epoch ms. */
export async function databaseNow(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ now: number }>(
    '/* billing.now */ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now',
  );
  return rows[0]?.now ?? 0;
}

/**
 * Takes the turn to look after something: no other process does until the next, which comes later each time, after an hour at most.
 *
 * @returns false when another process was quicker
 */
export async function takeTurn(
  dataSource: DataSource,
  { accountId, id }: Pick<PurchaseState, 'accountId' | 'id'>,
  now: number,
): Promise<boolean> {
  const taken: unknown[] = await dataSource.query(
    `/* billing.take_turn */ INSERT INTO payment_watch AS w (account_id, subject_id, asks, ask_at)
        VALUES ($1, $2, 1, $3::timestamptz + $4::integer * interval '1 millisecond')
      ON CONFLICT (account_id, subject_id) DO UPDATE
        SET asks = w.asks + 1, ask_at = $3::timestamptz + least($5::integer, $4::integer * 2 ^ least(w.asks, 16)) * interval '1 millisecond'
        WHERE w.ask_at <= $3::timestamptz RETURNING w.asks`,
    [accountId, id, new Date(now), FIRST_WAIT_MS, WAIT_MS_MAX],
  );
  return taken.length === 1;
}

/** Nothing more is to be looked after. */
export async function endWatch(
  dataSource: DataSource,
  { accountId, id }: Pick<PurchaseState, 'accountId' | 'id'>,
): Promise<void> {
  await dataSource.query(
    '/* billing.end_watch */ DELETE FROM payment_watch WHERE account_id = $1 AND subject_id = $2',
    [accountId, id],
  );
}
