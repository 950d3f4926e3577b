import type pg from 'pg';
import type { DataSource } from 'typeorm';
import type { PurchaseState } from '../ledger/core/purchase.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { chargeTopUp } from './charge-top-up.js';
import type { MethodRemovals } from './method-removals.js';
import { openPurchaseCheckout, type OpenCheckoutDeps } from './open-purchase-checkout.js';
import { databaseNow, endWatch, findUnsent, findUnsettled, takeTurn } from './payment-watch.js';
import { type PaymentFact, PaymentsDown } from './payment-provider.js';
import { sendRefund, type SendRefundDeps } from './send-refund.js';

/** Providers are asked about so many at once. */
const ASKED_AT_ONCE = 8;

export interface ReconcileDeps extends OpenCheckoutDeps, SendRefundDeps {
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly dataSource: DataSource;
  readonly accounts: Pick<AccountReader, 'readAll'>;
  /** Does what a fact means; resolves when that is durable. */
  readonly tell: (fact: PaymentFact) => Promise<unknown>;
  readonly removals: Pick<MethodRemovals, 'due' | 'finish'>;
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * Charges what auto top-up buys, and finishes what a crash, a lost event or a provider that was away left open: opens checkouts that were not
 * opened, asks what became of purchases that are not settled, sends money that is owed, has left payment methods forgotten. Each in its turn,
 * later each time.
 *
 * Any number of processes may do it at once: each takes turns of its own, and whatever is done twice is done once, by the orders' own ids.
 *
 * @returns how many were looked after
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
export async function reconcile(deps: ReconcileDeps, signal?: AbortSignal): Promise<number> {
  const now = await databaseNow(deps.reader);
  const works = [
    ...(await findUnsettled(deps.reader, { now })).map((purchase) => ({
      of: purchase,
      work: () => settle(deps, purchase),
    })),
    ...(await findUnsent(deps.reader, now)).map((refund) => ({
      of: refund,
      work: async () => {
        await sendRefund(deps, refund);
        await endWatch(deps.dataSource, refund);
      },
    })),
    ...(await deps.removals.due(now)).map((accountId) => {
      const of = { accountId, id: accountId };
      return { of, work: () => deps.removals.finish(accountId).then(() => endWatch(deps.dataSource, of)) };
    }),
  ];
  let done = 0;
  const next = async (): Promise<void> => {
    for (let one = works.shift(); one !== undefined && signal?.aborted !== true; one = works.shift()) {
      const { of, work } = one;
      if (!(await takeTurn(deps.dataSource, of, now))) continue;
      done += 1;
      await work().catch((error: unknown) => deps.onError(error, 'reconciliation'));
    }
  };
  await Promise.all(Array.from({ length: ASKED_AT_ONCE }, next));
  return done;
}

/**
 * Asks at once what became of an account's purchases that are not settled, whosever turn it is: for a test clock that has moved.
 *
 * @returns whether any is settled now
 */
export async function reconcileAccount(deps: ReconcileDeps, accountId: string): Promise<boolean> {
  let any = false;
  for (const purchase of await findUnsettled(deps.reader, { accountId })) any = (await settle(deps, purchase)) || any;
  return any;
}

/** @returns whether it is settled now */
async function settle(deps: ReconcileDeps, purchase: PurchaseState): Promise<boolean> {
  const { accountId, id: orderId, status, origin, checkoutRef, provider: name } = purchase;
  if (checkoutRef === null && status === 'PENDING') {
    if (origin === 'AUTO') return tellOf(deps, purchase, await chargeTopUp(deps, purchase));
    const [account] = await deps.accounts.readAll([accountId]);
    await openPurchaseCheckout(deps, purchase, account?.state.billing?.customerRef ?? null);
    return false;
  }
  const provider = deps.providers.of(name);
  if (provider === null)
    throw new PaymentsDown(`${name} is not configured, and is to be asked about purchase ${orderId}`);
  return tellOf(deps, purchase, await provider.find({ accountId, kind: 'purchase', orderId, ref: checkoutRef }));
}

/** @returns whether it is settled by that */
async function tellOf(deps: ReconcileDeps, purchase: PurchaseState, fact: PaymentFact): Promise<boolean> {
  if (fact.is === 'open') return false;
  await deps.tell(fact);
  if (fact.is === 'needsBuyer') return false;
  await endWatch(deps.dataSource, purchase);
  return true;
}
