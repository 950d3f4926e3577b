import { readAccountId } from '../accounts/account-id.js';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { assertAccount, assertCaller, type Caller } from '../auth/caller.js';
import type { RateLimits } from '../auth/rate-limits.js';
import { checkName } from '../kit/check-text.js';
import { rateLimited, unavailable } from '../kit/errors.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { Refused, RowAnswer } from '../ledger/core/outcome.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import type { BalanceView } from '../ledger/core/state.js';
import { checkKey } from '../ledger/graph/check-input.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { toActor, toKeyed } from '../ledger/graph/command-input.js';
import { openPurchaseCheckout, type OpenCheckoutDeps } from './open-purchase-checkout.js';
import { PaymentsDown } from './payment-provider.js';
import type { PaymentProviders } from './payment-providers.js';
import type { PurchaseCreditsInput } from './purchases.types.js';
import { readReturnUrl, type ReturnRules } from './return-url.js';

const PACK_ID_CHARS_MAX = 200;

export interface PurchaseDeps extends OpenCheckoutDeps, ReturnRules {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly providers: PaymentProviders;
  readonly accounts: Pick<AccountReader, 'readAll'>;
  readonly limits: Pick<RateLimits, 'admitPurchase'>;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
}

/** What a purchase came to: the purchase as it is now, or why there is none. */
export type BegunPurchase =
  | Refused
  | {
      readonly kind: 'begun';
      readonly purchase: PurchaseState;
      readonly balance: BalanceView;
      readonly replayed: boolean;
    };

/**
 * Begins to buy a pack: PENDING, with a checkout at which it is paid within 24 hours.
 *
 * The purchase is durable before the provider hears of it, under its id as the key: whatever is lost in between, repeating the call or a job
 * finishes it, and nothing is bought twice.
 *
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign account; FORBIDDEN without `credits:purchase`;
 * RATE_LIMITED (60 a minute, 100 unpaid at once); UNAVAILABLE: the provider or the database is away, repeat it with the same key
 * Source: docs/domain.md, Plans, packs, payments, refunds; Idempotency
 */
export async function purchaseCredits(
  deps: PurchaseDeps,
  caller: Caller | null,
  input: PurchaseCreditsInput,
): Promise<BegunPurchase> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  checkKey(input.idempotencyKey);
  checkName('packId', input.packId, PACK_ID_CHARS_MAX);
  const returnUrl = readReturnUrl(input.returnUrl, deps);
  const account = await deps.directory.findFor(caller, accountId);
  assertAccount(caller, account, 'credits:purchase');
  await deps.limits.admitPurchase(accountId);
  const outcome = await begin(deps, caller, account, { ...input, returnUrl });
  if (outcome.kind === 'refused') return outcome;
  const { row, balance, replayed } = outcome;
  const isToOpen = row.status === 'PENDING' && row.checkoutRef === null;
  return { kind: 'begun', purchase: isToOpen ? await open(deps, row) : row, balance, replayed };
}

async function begin(
  { ledger, providers, nextId }: PurchaseDeps,
  caller: Caller,
  account: { readonly id: string; readonly sandbox: boolean },
  {
    packId,
    returnUrl,
    savePaymentMethod,
    idempotencyKey,
  }: PurchaseCreditsInput & { readonly returnUrl: string | null },
): Promise<Refused | RowAnswer<'purchases'>> {
  const said = { packId, returnUrl, savesMethod: savePaymentMethod };
  const outcome = await ledger.submit({
    type: 'purchase',
    accountId: account.id,
    actor: toActor(caller),
    keyed: toKeyed(caller, 'purchase', idempotencyKey, said),
    purchaseId: nextId(),
    provider: providers.for(account)?.name ?? null,
    ...said,
  });
  switch (outcome.kind) {
    case 'notFound':
      throw new TypeError(`account ${account.id} is gone`);
    case 'tooManyOpen':
      throw rateLimited(TOO_MANY_WAIT_MS);
    default:
      return outcome;
  }
}

/** Somebody has to pay or cancel first, or the oldest ends; when that is, is on the account's clock. */
const TOO_MANY_WAIT_MS = 60_000;

async function open(deps: PurchaseDeps, purchase: PurchaseState): Promise<PurchaseState> {
  try {
    const [account] = await deps.accounts.readAll([purchase.accountId]);
    return await openPurchaseCheckout(deps, purchase, account?.state.billing?.customerRef ?? null);
  } catch (error) {
    if (error instanceof PaymentsDown) throw unavailable(1000, error);
    throw error;
  }
}
