import type pg from 'pg';
import { LATE_COMMIT_MS, type LateHold } from '../ledger/core/late-commit.js';
import type { PurchaseState, RefundState } from '../ledger/core/purchase.js';
import type { GrantState } from '../ledger/core/state.js';
import { GRANT, toGrant } from '../ledger/rows/grant-rows.js';
import { PURCHASE, toPurchase } from '../ledger/rows/purchase-rows.js';
import { REFUND } from '../ledger/rows/refund-rows.js';
import { RESERVATION } from '../ledger/rows/reservation-rows.js';
import type { Row } from '../ledger/wire/flight.js';

const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A purchase with all grants that it brought. */
export interface ReadPurchase {
  readonly purchase: PurchaseState;
  readonly grants: readonly GrantState[];
}

/** Purchases by their ids; unknown ones are left out. The pool's values are as `ledgerTypes` says. */
export async function findPurchases(pool: pg.Pool, accountId: string, ids: readonly string[]): Promise<ReadPurchase[]> {
  const { rows } = await pool.query<Row>({
    text: `/* billing.purchases */ SELECT ${PURCHASE.select('p')} FROM purchase p WHERE p.account_id = $1 AND p.purchase_id = ANY($2::uuid[])`,
    values: [accountId, ids],
  });
  return withGrants(pool, accountId, PURCHASE.read(rows).map(toPurchase));
}

/** Up to `limit` purchases of an account, newest first: ids are made in the order of time. */
export async function listPurchases(
  pool: pg.Pool,
  accountId: string,
  before: string | null,
  limit: number,
): Promise<ReadPurchase[]> {
  const { rows } = await pool.query<Row>({
    text: `/* billing.list_purchases */ SELECT ${PURCHASE.select('p')} FROM purchase p
      WHERE p.account_id = $1 AND p.purchase_id < $2 ORDER BY p.purchase_id DESC LIMIT $3`,
    values: [accountId, before ?? LAST_UUID, limit],
  });
  return withGrants(pool, accountId, PURCHASE.read(rows).map(toPurchase));
}

async function withGrants(pool: pg.Pool, accountId: string, purchases: PurchaseState[]): Promise<ReadPurchase[]> {
  const ids = purchases.filter(({ paidAt }) => paidAt !== null).map(({ id }) => id);
  if (ids.length === 0) return purchases.map((purchase) => ({ purchase, grants: [] }));
  const { rows } = await pool.query<Row>({
    text: `/* billing.grants */ SELECT ${GRANT.select('g')} FROM credit_grant g WHERE g.account_id = $1 AND g.purchase_id = ANY($2::uuid[])`,
    values: [accountId, ids],
  });
  const grants = GRANT.read(rows).map(toGrant);
  return purchases.map((purchase) => ({
    purchase,
    grants: grants.filter(({ purchaseId }) => purchaseId === purchase.id),
  }));
}

const LATE_HOLD = RESERVATION.pick('creditType', 'heldAtExpiry', 'closedAt');

/** Holds of an account that expired within the last 24 hours of its time, held something and were not committed since. */
export async function findLateHolds(pool: pg.Pool, accountId: string, now: number): Promise<LateHold[]> {
  const { rows } = await pool.query<Row>({
    text: `/* billing.late_holds */ SELECT ${LATE_HOLD.select('r')} FROM reservation r
      WHERE r.account_id = $1 AND r.closed_at >= $2 AND r.status = 'EXPIRED' AND r.held_at_expiry > 0`,
    values: [accountId, new Date(now - LATE_COMMIT_MS).toISOString()],
  });
  return LATE_HOLD.read(rows).map(({ creditType, heldAtExpiry, closedAt }) => ({
    creditType,
    credits: heldAtExpiry ?? 0,
    expiredAt: closedAt ?? 0,
  }));
}

/** Money of an account that is not known to be on its way back, oldest first. */
export async function findUnsentRefunds(pool: pg.Pool, accountId: string): Promise<RefundState[]> {
  const { rows } = await pool.query<Row>({
    text: `/* billing.unsent_refunds */ SELECT ${REFUND.select('f')} FROM refund f WHERE f.account_id = $1 AND f.ref IS NULL ORDER BY f.refund_id`,
    values: [accountId],
  });
  return REFUND.read(rows).map((row) => ({ ...row }));
}
