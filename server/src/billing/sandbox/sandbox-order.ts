import { randomBytes, timingSafeEqual } from 'node:crypto';
import { formatOwnedId, parseOwnedId, type OwnedId } from '@aibc/shared/ids';
import type { EntityManager } from 'typeorm';
import type { PlanCode } from '../../catalog/catalog.js';
import type { Price } from '../../ledger/core/billing.js';
import type { OrderKind } from '../payment-provider.js';

type SandboxStatus = 'OPEN' | 'NEEDS_BUYER' | 'DELAYED' | 'PAID' | 'FAILED' | 'CANCELED';

/** An order as the sandbox's provider keeps it. Instants are epoch ms on the account's clock. */
export interface SandboxOrder {
  readonly accountId: string;
  readonly orderId: string;
  readonly kind: OrderKind;
  /** What nobody can guess of its address. */
  readonly secret: string;
  readonly title: string;
  readonly price: Price | null;
  readonly subscribes: { readonly plan: PlanCode; readonly renewsAt: number } | null;
  readonly savesMethod: boolean;
  readonly returnUrl: string | null;
  readonly expiresAt: number;
  readonly status: SandboxStatus;
  readonly settlesAt: number | null;
  readonly settlesAs: 'PAID' | 'FAILED' | null;
  readonly paymentId: string | null;
  readonly methodRef: string | null;
  readonly subscriptionRef: string | null;
  readonly declineCode: string | null;
}

interface OrderRow {
  readonly account_id: string;
  readonly order_id: string;
  readonly kind: OrderKind;
  readonly secret: string;
  readonly title: string;
  readonly amount_minor: string | null;
  readonly currency: string | null;
  readonly plan: PlanCode | null;
  readonly renews_at: Date | null;
  readonly saves_method: boolean;
  readonly return_url: string | null;
  readonly expires_at: Date;
  readonly status: SandboxStatus;
  readonly settles_at: Date | null;
  readonly settles_as: 'PAID' | 'FAILED' | null;
  readonly payment_id: string | null;
  readonly method_ref: string | null;
  readonly subscription_ref: string | null;
  readonly decline_code: string | null;
}

function toOrder(row: OrderRow): SandboxOrder {
  const { amount_minor: amount, currency, plan, renews_at: renewsAt } = row;
  return {
    accountId: row.account_id,
    orderId: row.order_id,
    kind: row.kind,
    secret: row.secret,
    title: row.title,
    price: amount === null || currency === null ? null : { amountMinor: Number(amount), currency },
    subscribes: plan === null || renewsAt === null ? null : { plan, renewsAt: renewsAt.getTime() },
    savesMethod: row.saves_method,
    returnUrl: row.return_url,
    expiresAt: row.expires_at.getTime(),
    status: row.status,
    settlesAt: row.settles_at?.getTime() ?? null,
    settlesAs: row.settles_as,
    paymentId: row.payment_id,
    methodRef: row.method_ref,
    subscriptionRef: row.subscription_ref,
    declineCode: row.decline_code,
  };
}

/** The account's own time. @returns null for a live account or none: the sandbox does not serve it */
export async function sandboxNow(manager: EntityManager, accountId: string): Promise<number | null> {
  const rows: { clock_at: Date | null }[] = await manager.query(
    '/* sandbox.now */ SELECT clock_at FROM ledger_account WHERE account_id = $1 AND sandbox',
    [accountId],
  );
  return rows[0]?.clock_at?.getTime() ?? null;
}

/** An order, locked until the transaction ends; null: there is none. */
export async function lockOrder(manager: EntityManager, { accountId, id }: OwnedId): Promise<SandboxOrder | null> {
  const rows: OrderRow[] = await manager.query(
    '/* sandbox.lock_order */ SELECT * FROM sandbox_order WHERE account_id = $1 AND order_id = $2 FOR UPDATE',
    [accountId, id],
  );
  return rows[0] === undefined ? null : toOrder(rows[0]);
}

/** Orders of an account that a delay is over of, oldest first. */
export async function findDelayed(manager: EntityManager, accountId: string, now: number): Promise<readonly string[]> {
  const rows: { order_id: string }[] = await manager.query(
    `/* sandbox.delayed */ SELECT order_id FROM sandbox_order
      WHERE account_id = $1 AND status = 'DELAYED' AND settles_at <= $2 ORDER BY settles_at, order_id`,
    [accountId, new Date(now)],
  );
  return rows.map(({ order_id: id }) => id);
}

type NewOrder = Pick<
  SandboxOrder,
  'accountId' | 'orderId' | 'kind' | 'title' | 'price' | 'subscribes' | 'savesMethod' | 'returnUrl' | 'expiresAt'
>;

/** Keeps an order unless it is there, and counts that it was asked for under `key`. The order is locked then. */
export async function keepOrder(manager: EntityManager, order: NewOrder, key: string): Promise<SandboxOrder> {
  await countCall(manager, order.accountId, `${key}:${order.orderId}`);
  await manager.query(
    `/* sandbox.keep_order */ INSERT INTO sandbox_order (account_id, order_id, kind, secret, title, amount_minor, currency, plan, renews_at,
        saves_method, return_url, expires_at, status)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'OPEN') ON CONFLICT (account_id, order_id) DO NOTHING`,
    [
      order.accountId,
      order.orderId,
      order.kind,
      randomBytes(16).toString('hex'),
      order.title,
      order.price?.amountMinor ?? null,
      order.price?.currency ?? null,
      order.subscribes?.plan ?? null,
      order.subscribes === null ? null : new Date(order.subscribes.renewsAt),
      order.savesMethod,
      order.returnUrl,
      new Date(order.expiresAt),
    ],
  );
  const kept = await lockOrder(manager, { accountId: order.accountId, id: order.orderId });
  if (kept === null) throw new Error(`order ${order.orderId} is not there`);
  return kept;
}

type OrderChanges = Partial<
  Pick<
    SandboxOrder,
    'status' | 'settlesAt' | 'settlesAs' | 'paymentId' | 'methodRef' | 'subscriptionRef' | 'declineCode'
  >
>;

/** Writes what changed of a locked order. */
export async function changeOrder(
  manager: EntityManager,
  order: SandboxOrder,
  changes: OrderChanges,
): Promise<SandboxOrder> {
  const changed = { ...order, settlesAt: null, settlesAs: null, ...changes };
  await manager.query(
    `/* sandbox.change_order */ UPDATE sandbox_order SET status = $3, settles_at = $4, settles_as = $5, payment_id = $6, method_ref = $7,
        subscription_ref = $8, decline_code = $9 WHERE account_id = $1 AND order_id = $2`,
    [
      changed.accountId,
      changed.orderId,
      changed.status,
      changed.settlesAt === null ? null : new Date(changed.settlesAt),
      changed.settlesAs,
      changed.paymentId,
      changed.methodRef,
      changed.subscriptionRef,
      changed.declineCode,
    ],
  );
  return changed;
}

/** Counts how often something was asked under an idempotency key. */
export async function countCall(manager: EntityManager, accountId: string, key: string): Promise<void> {
  await manager.query(
    `/* sandbox.count_call */ INSERT INTO sandbox_call (account_id, key, calls) VALUES ($1, $2, 1)
      ON CONFLICT (account_id, key) DO UPDATE SET calls = sandbox_call.calls + 1`,
    [accountId, key],
  );
}

/** The last part of the address of an order's checkout. Whoever has it may pay: nobody can guess it. */
export function checkoutToken({ accountId, orderId, secret }: SandboxOrder): string {
  return `${formatOwnedId('cs', { accountId, id: orderId })}_${secret}`;
}

/** The order that an address names, and what it must have as its secret; null when malformed. */
export function parseCheckoutToken(token: string): (OwnedId & { readonly secret: string }) | null {
  const at = token.lastIndexOf('_');
  const owned = parseOwnedId('cs', token.slice(0, Math.max(0, at)));
  return owned === null ? null : { ...owned, secret: token.slice(at + 1) };
}

/** Compared in constant time. */
export function isSecretOf(order: SandboxOrder, secret: string): boolean {
  const [expected, given] = [Buffer.from(order.secret), Buffer.from(secret)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
