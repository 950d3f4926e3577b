import type { CreditType } from '../../catalog/catalog.js';

/** `DISPUTED`: the bank took the money back for now; `CHARGED_BACK`: for good. Source: docs/domain.md, Plans, packs, payments, refunds */
export type PurchaseStatus =
  | 'PENDING'
  | 'PAID'
  | 'FAILED'
  | 'CANCELED'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED'
  | 'DISPUTED'
  | 'CHARGED_BACK';
/** Who began it: somebody who buys, or auto top-up. */
export type PurchaseOrigin = 'OWNER' | 'AUTO';
/** Who takes the money. */
export type ProviderName = 'sandbox' | 'stripe';

/**
 * A pack that somebody is buying or bought, as it was offered then. Its grants carry its id; what became of its credits stands in them, and
 * only what they cannot say stands here.
 */
export interface PurchaseState {
  readonly accountId: string;
  readonly id: string;
  readonly origin: PurchaseOrigin;
  readonly status: PurchaseStatus;
  readonly provider: ProviderName;
  readonly packId: string;
  readonly packName: string;
  readonly creditType: CreditType;
  readonly credits: number;
  readonly bonusCredits: number;
  /** Minor units. */
  readonly priceMinor: number;
  readonly currency: string;
  /** Null: never. */
  readonly expiresAfterMonths: number | null;
  readonly refundWindowDays: number;
  /** Who bought it, as entries name who acted. */
  readonly boughtBy: string;
  readonly returnUrl: string | null;
  /** Whether the buyer is asked to have the payment method saved. */
  readonly savesMethod: boolean;
  /** The provider's id of the saved method that is charged for it without the buyer; null: it is paid at a checkout. */
  readonly methodRef: string | null;
  /** The period in which auto top-up began it; null: somebody else did. */
  readonly periodNumber: number | null;
  /** The provider's id of the checkout or charge, and where the buyer goes; null: not there yet. */
  readonly checkoutRef: string | null;
  readonly checkoutUrl: string | null;
  /** The bank wants the buyer. */
  readonly needsBuyer: boolean;
  /** The provider said for good how it ended; until then it is asked, also about one that was given up here. */
  readonly isSettled: boolean;
  readonly declineCode: string | null;
  /** The provider's id of the payment. */
  readonly paymentId: string | null;
  readonly receiptUrl: string | null;
  readonly grantId: string | null;
  readonly bonusGrantId: string | null;
  /** What a won dispute gave back. */
  readonly restoredGrantId: string | null;
  readonly restoredBonusGrantId: string | null;
  /** Credits that money was given back for, and what refunds revoked of bought credits and of the bonus. */
  readonly refundedCredits: number;
  readonly refundRevoked: number;
  readonly refundRevokedBonus: number;
  /** Money given back so far; each part of it has a row of its own among `refunds`. */
  readonly refundedMinor: number;
  readonly disputeId: string | null;
  readonly disputedMinor: number;
  /** Money paid out twice: refunded before and taken by the dispute. */
  readonly unrecoveredMinor: number;
  /** The account version that last changed it. */
  readonly version: number;
  readonly createdAt: number;
  /** When it ends unpaid. */
  readonly endsAt: number;
  readonly paidAt: number | null;
  /** When its credits end; null: never, or not paid. */
  readonly expiresAt: number | null;
}

/** Money of a payment that goes back, each time under its own id as the key of the provider. Kept until it is known to be on its way. */
export interface RefundState {
  readonly accountId: string;
  readonly id: string;
  /** What was paid for, and its id. */
  readonly orderKind: 'purchase' | 'plan';
  readonly orderId: string;
  readonly provider: ProviderName;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** `UNWANTED`: paid twice, or for what could not be given any more. */
  readonly reason: 'REFUND' | 'UNWANTED';
  /** The provider's id of it; null: not sent yet, or not known to be. */
  readonly ref: string | null;
  readonly version: number;
  readonly createdAt: number;
}

/** What may change of a purchase. */
export type PurchaseField =
  | 'status'
  | 'checkoutRef'
  | 'checkoutUrl'
  | 'needsBuyer'
  | 'isSettled'
  | 'declineCode'
  | 'paymentId'
  | 'receiptUrl'
  | 'grantId'
  | 'bonusGrantId'
  | 'restoredGrantId'
  | 'restoredBonusGrantId'
  | 'refundedCredits'
  | 'refundRevoked'
  | 'refundRevokedBonus'
  | 'refundedMinor'
  | 'disputeId'
  | 'disputedMinor'
  | 'unrecoveredMinor'
  | 'paidAt'
  | 'expiresAt';
/** What is left out or undefined stays. */
type PurchaseChanges = { readonly [K in PurchaseField]?: PurchaseState[K] | undefined } & Pick<
  PurchaseState,
  'version'
>;

/** Rows of purchases change rarely: a spread is fast enough here, unlike for accounts, grants and reservations. */
export function changedPurchase(purchase: PurchaseState, changes: PurchaseChanges): PurchaseState {
  const said = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...purchase, ...(Object.fromEntries(said) as Partial<PurchaseState>) };
}

/** Whether nobody has paid and it has not ended. Such ones come with their account, since they end. */
export function isOpenPurchase({ status }: Pick<PurchaseState, 'status'>): boolean {
  return status === 'PENDING';
}

/** What the audit log is told of a purchase. */
export function boughtIn({ id, packId, packName, priceMinor, currency }: PurchaseState) {
  return { purchaseId: id, packId, packName, amountMinor: priceMinor, currency };
}
