import { readAccountId } from '../accounts/account-id.js';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { assertAccount, assertCaller, type Caller } from '../auth/caller.js';
import type { RateLimits } from '../auth/rate-limits.js';
import { notFound } from '../kit/errors.js';
import type { Ledger } from '../ledger/core/ledger.js';
import { toActor } from '../ledger/graph/command-input.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { openMethodCheckout, type MethodCheckoutDeps } from './method-checkout.js';
import type { MethodRemovals } from './method-removals.js';
import { readReturnUrl, type ReturnRules } from './return-url.js';

export interface MethodDeps extends MethodCheckoutDeps, ReturnRules {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly accounts: AccountReader;
  readonly limits: Pick<RateLimits, 'admitPurchase'>;
  readonly removals: Pick<MethodRemovals, 'expect' | 'finish'>;
  /** Told that the provider could not forget a method yet. */
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * Opens a checkout at which the buyer saves another payment method.
 *
 * @returns its address
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:purchase`, or where
 * nobody takes money for the account; RATE_LIMITED (60 a minute, with purchases); UNAVAILABLE
 * Source: docs/domain.md, Auto top-up
 */
export async function changeMethod(
  deps: MethodDeps,
  caller: Caller | null,
  asked: { readonly accountId: string; readonly returnUrl: string | null | undefined },
): Promise<string> {
  assertCaller(caller);
  const accountId = readAccountId(asked.accountId, 'accountId');
  const returnUrl = readReturnUrl(asked.returnUrl, deps);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:purchase');
  await deps.limits.admitPurchase(accountId);
  return openMethodCheckout(deps, await deps.accounts.read(caller, accountId, 'credits:purchase'), returnUrl);
}

/**
 * Removes the saved payment method, here and at the provider, and turns auto top-up off with it. Without one nothing changes.
 *
 * @throws UNAUTHENTICATED; BAD_USER_INPUT `accountId`; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:purchase`
 * Source: docs/domain.md, Auto top-up
 */
export async function removeMethod(deps: MethodDeps, caller: Caller | null, id: string): Promise<void> {
  assertCaller(caller);
  const accountId = readAccountId(id, 'accountId');
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:purchase');
  await deps.removals.expect(accountId);
  const outcome = await deps.ledger.submit({ type: 'remove-method', accountId, actor: toActor(caller) });
  if (outcome.kind === 'notFound') throw notFound('This account');
  await deps.removals.finish(accountId).catch((error: unknown) => deps.onError(error, 'payments'));
}
