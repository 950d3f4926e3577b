import { readAccountId } from '../accounts/account-id.js';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { assertAccount, assertCaller, type Caller, mayUse } from '../auth/caller.js';
import type { RateLimits } from '../auth/rate-limits.js';
import { checkName } from '../kit/check-text.js';
import { badUserInput, notFound } from '../kit/errors.js';
import { TOP_UP_PURCHASES_MAX } from '../ledger/core/top-up.js';
import type { TopUp } from '../ledger/core/billing.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { Refusal, Refused } from '../ledger/core/outcome.js';
import type { TopUpAnswer, TopUpPreview } from '../ledger/core/top-up-answers.js';
import { checkKey } from '../ledger/graph/check-input.js';
import { toActor, toKeyed } from '../ledger/graph/command-input.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { openMethodCheckout, type MethodCheckoutDeps } from './method-checkout.js';
import type { SetAutoTopUpInput } from './top-up.types.js';

const PACK_ID_CHARS_MAX = 200;

export interface TopUpDeps extends MethodCheckoutDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly accounts: AccountReader;
  readonly limits: Pick<RateLimits, 'admitPurchase'>;
}

/** Nothing can be charged without the buyer yet. */
interface MethodMissing {
  readonly kind: 'methodMissing';
  readonly checkoutUrl: string;
}

type Rule = Pick<TopUp, 'packId' | 'threshold' | 'purchasesPerPeriodMax'>;

/**
 * Turns auto top-up of a credit type on or off. At or below the threshold it buys at once.
 *
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:purchase`;
 * RATE_LIMITED (60 a minute, with purchases); UNAVAILABLE: repeat it with the same key
 * Source: docs/domain.md, Auto top-up; Idempotency
 */
export async function setTopUp(
  deps: TopUpDeps,
  caller: Caller | null,
  input: SetAutoTopUpInput,
  idempotencyKey: string,
): Promise<TopUpAnswer | Refused | MethodMissing> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  checkKey(idempotencyKey);
  const rule = readRule(input);
  const account = await deps.directory.findFor(caller, accountId);
  assertAccount(caller, account, 'credits:purchase');
  if (isRefusal(rule)) return { kind: 'refused', refusal: rule, replayed: false };
  await deps.limits.admitPurchase(accountId);
  const { creditType, enabled } = input;
  const { packId, threshold, purchasesPerPeriodMax } = rule ?? NO_RULE;
  const said = { creditType, enabled, packId, threshold, purchasesPerPeriodMax };
  const outcome = await deps.ledger.submit({
    type: 'set-top-up',
    accountId,
    actor: toActor(caller),
    keyed: toKeyed(caller, 'set-top-up', idempotencyKey, said),
    creditType,
    rule,
    provider: deps.providers.for(account)?.name ?? null,
  });
  if (outcome.kind === 'notFound') throw notFound('This account');
  if (!isMethodMissing(outcome)) return outcome;
  const snapshot = await deps.accounts.read(caller, accountId, 'credits:purchase');
  return { kind: 'methodMissing', checkoutUrl: await openMethodCheckout(deps, snapshot, null) };
}

/**
 * What that would do now, by the same function. Writes nothing.
 *
 * Who may not buy for the account is led to the dashboard's billing instead of a checkout.
 *
 * @throws as `setTopUp`; FORBIDDEN without `credits:read`
 */
export async function previewTopUp(
  deps: TopUpDeps,
  caller: Caller | null,
  input: SetAutoTopUpInput,
): Promise<TopUpPreview | Refused | MethodMissing> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  const rule = readRule(input);
  const account = await deps.directory.findFor(caller, accountId);
  assertAccount(caller, account, 'credits:read');
  if (isRefusal(rule)) return { kind: 'refused', refusal: rule, replayed: false };
  const outcome = await deps.ledger.submit({
    type: 'preview-top-up',
    accountId,
    actor: toActor(caller),
    creditType: input.creditType,
    rule,
    provider: deps.providers.for(account)?.name ?? null,
  });
  if (outcome.kind === 'notFound') throw notFound('This account');
  if (!isMethodMissing(outcome)) return outcome;
  if (!mayUse(caller, account, 'credits:purchase'))
    return { kind: 'methodMissing', checkoutUrl: `${deps.publicUrl()}/billing` };
  const snapshot = await deps.accounts.read(caller, accountId, 'credits:purchase');
  return { kind: 'methodMissing', checkoutUrl: await openMethodCheckout(deps, snapshot, null) };
}

const NO_RULE = { packId: null, threshold: null, purchasesPerPeriodMax: null } as const;

function isMethodMissing(outcome: { readonly kind: string } | Refused): boolean {
  return outcome.kind === 'refused' && 'refusal' in outcome && outcome.refusal.kind === 'PaymentMethodMissing';
}

function isRefusal(rule: Rule | Refusal | null): rule is Refusal {
  return rule !== null && 'kind' in rule;
}

/**
 * What is to be bought and when, as the input alone shows it; null: it is to be turned off.
 *
 * @returns InvalidAmount for a cap that is out of its range
 * @throws BAD_USER_INPUT naming what is missing or malformed
 */
function readRule({ enabled, packId, threshold, purchasesPerPeriodMax }: SetAutoTopUpInput): Rule | Refusal | null {
  if (packId !== null && packId !== undefined) checkName('packId', packId, PACK_ID_CHARS_MAX);
  if (enabled && (packId === null || packId === undefined))
    throw badUserInput('packId', 'packId says what auto top-up buys: it is needed to turn it on.');
  if (enabled && (threshold === null || threshold === undefined))
    throw badUserInput('threshold', 'threshold says when auto top-up buys: it is needed to turn it on.');
  if (purchasesPerPeriodMax < 1 || purchasesPerPeriodMax > TOP_UP_PURCHASES_MAX) {
    const message = `purchasesPerPeriodMax is 1 to ${TOP_UP_PURCHASES_MAX}, not ${purchasesPerPeriodMax}.`;
    return { kind: 'InvalidAmount', field: 'purchasesPerPeriodMax', message, min: 1, max: TOP_UP_PURCHASES_MAX };
  }
  return enabled ? { packId: packId ?? '', threshold: threshold ?? 0, purchasesPerPeriodMax } : null;
}
