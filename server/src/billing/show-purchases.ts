import type pg from 'pg';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';
import type { Purchase } from './purchases.types.js';
import { findLateHolds, findPurchases, type ReadPurchase } from './read-purchases.js';
import { showPurchase } from './show-purchase.js';

export interface ShowPurchasesDeps {
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: () => string;
}

/** Purchases of an account as the API shows them. */
export async function showPurchases(
  { reader, publicUrl }: ShowPurchasesDeps,
  { state, now }: AccountSnapshot,
  read: readonly ReadPurchase[],
): Promise<Purchase[]> {
  const isPaid = read.some(({ purchase }) => purchase.paidAt !== null);
  const lateHolds = isPaid ? await findLateHolds(reader, state.id, now) : [];
  const against = { state, now, lateHolds, publicUrl: publicUrl() };
  return read.map((one) => showPurchase(one, against));
}

/** One of them by its id; null: there is none. */
export async function findShownPurchase(
  deps: ShowPurchasesDeps,
  snapshot: AccountSnapshot,
  id: string | null,
): Promise<Purchase | null> {
  if (id === null) return null;
  const [purchase] = await showPurchases(deps, snapshot, await findPurchases(deps.reader, snapshot.state.id, [id]));
  return purchase ?? null;
}
