import { readAccountId } from '../accounts/account-id.js';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { type AccountIdentity, assertAccount, assertCaller, type Caller, personOf } from '../auth/caller.js';
import type { Catalog, PlanCode } from '../catalog/catalog.js';
import type { History } from '../db/history.js';
import { badUserInput, notFound } from '../kit/errors.js';
import { instance } from '../kit/instance.js';
import { balanceOf } from '../ledger/core/balance.js';
import type { Ledger } from '../ledger/core/ledger.js';
import { showAccount } from '../ledger/graph/account-snapshot.js';
import { checkKey } from '../ledger/graph/check-input.js';
import { toActor, toKeyed } from '../ledger/graph/command-input.js';
import type { Problem } from '../ledger/graph/problem.types.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { showBalance } from '../ledger/graph/show-balance.js';
import { showRefusal } from '../ledger/graph/show-refusal.js';
import { type ChangePlanInput, PlanChangePreview, PlanReceipt } from './plan-change.types.js';

export interface ChangePlanDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly reader: AccountReader;
  readonly catalog: () => Catalog;
  readonly history: Pick<History, 'present'>;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
}

/**
 * Whether a caller pays through this service for what costs something: owners of live accounts do, whoever asks for the checkout of a
 * sandbox account does. Services and operators bill elsewhere.
 *
 * Source: docs/domain.md, Plans
 */
function pays(caller: Caller, { sandbox }: AccountIdentity, checkout: boolean): boolean {
  return sandbox ? checkout : personOf(caller) !== null;
}

/**
 * Puts an account on another plan: up at once, down at the boundary, from FREE with a period of its own; the present plan takes back what
 * was to take over.
 *
 * @returns the account, its balance and from when on the plan is in force; or a refusal: PaymentsUnavailable (an owner of a live account, and no
 * provider is configured), IdempotencyConflict
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:purchase`;
 * UNAVAILABLE: repeat it with the same key
 *
 * Concurrency: changes are decided one after the other, each on the plan that the one before left; a period that ends closes first.
 * Source: docs/domain.md, Plans; Idempotency
 */
export async function changePlan(
  deps: ChangePlanDeps,
  caller: Caller | null,
  input: ChangePlanInput,
): Promise<PlanReceipt | Problem> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  checkKey(input.idempotencyKey);
  const returnUrl = readReturnUrl(input.returnUrl);
  const identity = await deps.directory.findFor(caller, accountId);
  assertAccount(caller, identity, 'credits:purchase');
  const { plan, checkout } = input;
  if (checkout && !identity.sandbox && personOf(caller) === null)
    throw badUserInput('checkout', 'A service or an operator pays for no live account: leave checkout out.');
  const keyed = toKeyed(caller, 'change-plan', input.idempotencyKey, { plan, checkout, returnUrl });
  const actor = toActor(caller);
  const { ledger } = deps;
  const history = deps.history.present.publicId;
  const outcome = await ledger.submit({
    type: 'change-plan',
    accountId,
    actor,
    keyed,
    plan,
    // Nobody takes money for plans yet.
    payment: pays(caller, identity, checkout) ? { id: deps.nextId(), provider: null, returnUrl } : null,
  });
  if (outcome.kind === 'refused') return showRefusal(deps.catalog(), history, outcome.refusal, outcome.replayed);
  if (outcome.kind !== 'plan') throw notFound('This account');
  // Read anew: account and balance are then of one version, and as they are now also for a repeated key.
  const snapshot = await deps.reader.read(caller, accountId, 'credits:purchase');
  return instance(PlanReceipt, {
    account: showAccount(deps.catalog(), snapshot),
    balance: showBalance(balanceOf(snapshot.state, 'STANDARD'), snapshot.history),
    effectiveAt: outcome.effectiveAt,
    replayed: outcome.replayed,
  });
}

/** A page of the web. Which origins are allowed is said where a checkout is opened. @throws BAD_USER_INPUT `returnUrl` */
function readReturnUrl(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null;
  if (text.length > 2_000 || !URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw badUserInput('returnUrl', 'returnUrl is the address of a page: https:// and so on.');
  return text;
}

/**
 * What `changePlan` would do for the caller, by the same function. Writes nothing, except that what is due on the account is closed before.
 *
 * @param checkout  of a sandbox account: as if it were paid for
 * @throws as `changePlan`, FORBIDDEN without `credits:read`
 * Source: docs/domain.md, Plans
 */
export async function previewPlanChange(
  deps: ChangePlanDeps,
  caller: Caller | null,
  asked: { readonly accountId: string; readonly plan: PlanCode; readonly checkout: boolean },
): Promise<PlanChangePreview> {
  assertCaller(caller);
  const accountId = readAccountId(asked.accountId, 'accountId');
  const identity = await deps.directory.findFor(caller, accountId);
  assertAccount(caller, identity, 'credits:read');
  const actor = toActor(caller);
  const outcome = await deps.ledger.submit({ type: 'preview-plan', accountId, actor, plan: asked.plan });
  if (outcome.kind !== 'planPreview') throw notFound('This account');
  const { plan, effectiveAt, price, creditsNow, creditsNowUntil, waitingAfter, lost } = outcome.change;
  return instance(PlanChangePreview, {
    plan,
    effectiveAt,
    chargeNow: pays(caller, identity, asked.checkout) ? price : null,
    creditsNow,
    monthlyCreditsAfter: plan.monthlyCredits,
    creditsNowUntil,
    waitingAfter: waitingAfter.STANDARD,
    scanWaitingAfter: waitingAfter.SCAN,
    lost,
    productionRoomAfter: plan.productionRoom,
    deepScansAfter: plan.deepScans,
  });
}
