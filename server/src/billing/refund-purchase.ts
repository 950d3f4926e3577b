import type pg from 'pg';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { assertAccount, assertCaller, type Caller } from '../auth/caller.js';
import { notFound } from '../kit/errors.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { Refused, RefundPreviewAnswer, RowAnswer } from '../ledger/core/outcome.js';
import { checkKey } from '../ledger/graph/check-input.js';
import { toActor, toKeyed } from '../ledger/graph/command-input.js';
import type { PaymentProviders } from './payment-providers.js';
import { readPurchaseId } from './purchase-id.js';
import { findUnsentRefunds } from './read-purchases.js';
import { sendRefund } from './send-refund.js';

export interface RefundDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly providers: PaymentProviders;
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
  /** Told that money could not be sent back yet. */
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * Gives back what is unused of a purchase, and sends the money for it through the provider.
 *
 * The refund is durable with its money as a row before the provider hears of it, under a key of its own: what is lost in between is sent
 * by whoever comes next, and once.
 *
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign purchase; FORBIDDEN without `credits:purchase`
 * Source: docs/domain.md, Plans, packs, payments, refunds; Idempotency
 */
export async function refundPurchase(
  deps: RefundDeps,
  caller: Caller | null,
  input: { readonly purchaseId: string; readonly idempotencyKey: string },
): Promise<Refused | RowAnswer<'purchases'>> {
  assertCaller(caller);
  const { accountId, id: purchaseId } = readPurchaseId('purchaseId', input.purchaseId);
  checkKey(input.idempotencyKey);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:purchase');
  const outcome = await deps.ledger.submit({
    type: 'refund-purchase',
    accountId,
    actor: toActor(caller),
    keyed: toKeyed(caller, 'refund-purchase', input.idempotencyKey, { purchaseId }),
    purchaseId,
    refundId: deps.nextId(),
  });
  if (outcome.kind === 'notFound') throw notFound('This purchase');
  if (outcome.kind === 'row') await sendMoney(deps, accountId);
  return outcome;
}

/** Sends whatever money of an account is still to go back. What cannot be sent now stays a row that says so. */
async function sendMoney({ reader, ledger, providers, onError }: RefundDeps, accountId: string): Promise<void> {
  for (const refund of await findUnsentRefunds(reader, accountId))
    await sendRefund({ ledger, providerOf: (name) => providers.of(name) }, refund).catch((error: unknown) =>
      onError(error, 'refund'),
    );
}

/**
 * What a refund would do now, by the same function. Writes nothing.
 *
 * @throws UNAUTHENTICATED; BAD_USER_INPUT `purchaseId`; NOT_FOUND for an unknown or foreign purchase; FORBIDDEN without `credits:read`
 * Source: docs/domain.md, Plans, packs, payments, refunds
 */
export async function previewRefund(deps: RefundDeps, caller: Caller | null, id: string): Promise<RefundPreviewAnswer> {
  assertCaller(caller);
  const { accountId, id: purchaseId } = readPurchaseId('purchaseId', id);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:read');
  const outcome = await deps.ledger.submit({
    type: 'preview-refund',
    accountId,
    actor: toActor(caller),
    purchaseId,
  });
  if (outcome.kind === 'notFound') throw notFound('This purchase');
  return outcome;
}
