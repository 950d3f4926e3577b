import { ACCOUNT_UNSPENT_CREDITS_MAX, MAX_CREDITS } from '@aibc/shared/amounts';
import type { CreditPack } from '../../catalog/catalog.js';
import type { ProviderName, PurchaseState } from './purchase.js';
import type { AccountState } from './state.js';

/** How long a purchase may be paid. */
const PURCHASE_LIFE_MS = 24 * 3_600_000;
/** Purchases of an account that wait to be paid: they are loaded with it. */
export const OPEN_PURCHASES_MAX = 100;

/** Whether an account may own what it has, what is being bought for it and these credits. Source: docs/domain.md, Amounts */
export function hasRoomFor(
  credits: AccountState['credits'],
  pack: Pick<PurchaseState, 'creditType' | 'credits' | 'bonusCredits'>,
  open: readonly Pick<PurchaseState, 'creditType' | 'credits' | 'bonusCredits'>[] = [],
): boolean {
  const { STANDARD, SCAN } = credits;
  let unspent = STANDARD.available + STANDARD.held + SCAN.available + SCAN.held;
  let granted = credits[pack.creditType].granted;
  for (const { creditType, credits: bought, bonusCredits } of [...open, pack]) {
    unspent += bought + bonusCredits;
    if (creditType === pack.creditType) granted += bought + bonusCredits;
  }
  return unspent <= ACCOUNT_UNSPENT_CREDITS_MAX && granted <= MAX_CREDITS;
}

/** A purchase of a pack that nobody has paid yet. */
export function newPurchase(
  accountId: string,
  pack: CreditPack,
  said: {
    readonly purchaseId: string;
    readonly provider: ProviderName;
    readonly actor: { readonly name: string };
    readonly origin?: PurchaseState['origin'];
    readonly returnUrl: string | null;
    readonly savesMethod: boolean;
    readonly methodRef?: string | null;
    readonly periodNumber?: number | null;
  },
  version: number,
  now: number,
): PurchaseState {
  return {
    accountId,
    id: said.purchaseId,
    origin: said.origin ?? 'OWNER',
    status: 'PENDING',
    provider: said.provider,
    packId: pack.id,
    packName: pack.name,
    creditType: pack.creditType,
    credits: pack.credits,
    bonusCredits: pack.bonusCredits,
    priceMinor: pack.price.amountMinor,
    currency: pack.price.currency,
    expiresAfterMonths: pack.expiresAfterMonths,
    refundWindowDays: pack.refundWindowDays,
    boughtBy: said.actor.name,
    returnUrl: said.returnUrl,
    savesMethod: said.savesMethod,
    methodRef: said.methodRef ?? null,
    periodNumber: said.periodNumber ?? null,
    checkoutRef: null,
    checkoutUrl: null,
    needsBuyer: false,
    isSettled: false,
    declineCode: null,
    paymentId: null,
    receiptUrl: null,
    grantId: null,
    bonusGrantId: null,
    restoredGrantId: null,
    restoredBonusGrantId: null,
    refundedCredits: 0,
    refundRevoked: 0,
    refundRevokedBonus: 0,
    refundedMinor: 0,
    disputeId: null,
    disputedMinor: 0,
    unrecoveredMinor: 0,
    version,
    createdAt: now,
    endsAt: now + PURCHASE_LIFE_MS,
    paidAt: null,
    expiresAt: null,
  };
}
