import { formatId, formatOwnedId } from '@aibc/shared/ids';
import { instance } from '../kit/instance.js';
import { refundable, refundableUntil } from '../ledger/core/refundable.js';
import type { AccountState } from '../ledger/core/state.js';
import { showGrant } from '../ledger/graph/show-balance.js';
import { lateClaims, type LateHold } from '../ledger/core/late-commit.js';
import type { ReadPurchase } from './read-purchases.js';
import { Purchase } from './purchases.types.js';

/** What a purchase is shown against: the account as it was read, nothing of it due. */
export interface ShownAgainst {
  readonly state: AccountState;
  /** The account's own now. */
  readonly now: number;
  readonly lateHolds: readonly LateHold[];
  /** Where browsers reach this server, without a slash at the end. */
  readonly publicUrl: string;
}

/** A purchase as the API shows it. */
export function showPurchase({ purchase, grants }: ReadPurchase, against: ShownAgainst): Purchase {
  const { state, now, lateHolds, publicUrl } = against;
  const { creditType, currency, status } = purchase;
  const until = refundableUntil(purchase);
  const claims = lateClaims(lateHolds, creditType, until);
  const { credits: refundableCredits, amountMinor } = refundable(purchase, grants, {
    available: state.credits[creditType].available,
    claims,
    now,
  });
  const grantOf = (id: string | null) => grants.find((grant) => grant.id === id);
  const grant = grantOf(purchase.grantId);
  const bonusGrant = grantOf(purchase.bonusGrantId);
  const isDisputed = status === 'DISPUTED' || status === 'CHARGED_BACK';
  const price = { amountMinor: purchase.priceMinor, currency };
  return instance(Purchase, {
    id: formatOwnedId('pur', purchase),
    accountId: formatId('acct', purchase.accountId),
    origin: purchase.origin,
    pack: {
      id: purchase.packId,
      name: purchase.packName,
      creditType,
      credits: purchase.credits,
      bonusCredits: purchase.bonusCredits,
      price,
      expiresAfterMonths: purchase.expiresAfterMonths,
      refundWindowDays: purchase.refundWindowDays,
    },
    credits: purchase.credits,
    bonusCredits: purchase.bonusCredits,
    price,
    unrecovered: isDisputed ? grants.reduce((sum, { spent, held }) => sum + spent + held, 0) : 0,
    unrecoveredMoney: { amountMinor: purchase.unrecoveredMinor, currency },
    status,
    grant: grant === undefined ? null : showGrant(grant),
    bonusGrant: bonusGrant === undefined ? null : showGrant(bonusGrant),
    checkoutUrl: checkoutUrlOf(purchase, publicUrl),
    needsBuyer: purchase.needsBuyer,
    receiptUrl: absolute(purchase.receiptUrl, publicUrl),
    declineCode: purchase.declineCode,
    createdAt: purchase.createdAt,
    paidAt: purchase.paidAt,
    expiresAt: purchase.expiresAt,
    refundableUntil: until === null ? null : Math.max(until, claims.prolongsTo ?? 0),
    refundableCredits,
    refundable: { amountMinor, currency },
    refunded: { amountMinor: purchase.refundedMinor, currency },
  });
}

/** A checkout of the sandbox can be come back to: there a payment is disputed. Another is of use while it can be paid. */
function checkoutUrlOf({ checkoutUrl, status, provider }: ReadPurchase['purchase'], publicUrl: string): string | null {
  return status === 'PENDING' || provider === 'sandbox' ? absolute(checkoutUrl, publicUrl) : null;
}

/** An address as browsers take it: one of the sandbox's is a path below this server. */
export function absolute(url: string | null, publicUrl: string): string | null {
  return url !== null && url.startsWith('/') ? `${publicUrl}${url}` : url;
}
