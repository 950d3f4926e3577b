import { isolate } from '../../kit/check-text.js';
import { grouped } from '../../kit/grouped.js';
import { moneyText } from '../../kit/money-text.js';
import { type ActionKind, asKept } from './action-kind.js';

type Bought = {
  /** uuid. */
  readonly purchaseId: string;
  readonly packId: string;
  readonly packName: string;
  /** Minor units. */
  readonly amountMinor: number;
  readonly currency: string;
};

type Returned = Pick<Bought, 'amountMinor' | 'currency'> & {
  /** The provider's id of it. */
  readonly paymentId: string;
};

/** Somebody began to buy a pack. */
export const PURCHASE_BEGUN: ActionKind<Bought> = {
  formats: [asKept],
  describe: (facts) => `Began to buy ${isolate(facts.packName)} for ${moneyText(facts)}`,
};

/** The provider took the money for a pack. */
export const PURCHASE_PAID: ActionKind<Bought> = {
  formats: [asKept],
  describe: (facts) => `Paid ${moneyText(facts)} for ${isolate(facts.packName)}`,
};

/** A payment that paid for nothing goes back in full. */
export const PAYMENT_RETURNED: ActionKind<Returned> = {
  formats: [asKept],
  describe: (facts) => `Sends back a payment of ${moneyText(facts)} that paid for nothing`,
};

/** What was unused of a purchase was given back, and the money for it. */
export const PURCHASE_REFUNDED: ActionKind<Bought & { readonly credits: number }> = {
  formats: [asKept],
  describe: (facts) => `Refunded ${grouped(facts.credits)} credits of ${isolate(facts.packName)}: ${moneyText(facts)}`,
};

/** The buyer's bank took a payment back, for now or for good, or gave it back. */
export const PURCHASE_DISPUTED: ActionKind<Bought & { readonly is: 'opened' | 'won' | 'lost' }> = {
  formats: [asKept],
  describe: (facts) => `${DISPUTES[facts.is]} the payment for ${isolate(facts.packName)}`,
};

const DISPUTES = {
  opened: "The buyer's bank disputes",
  won: 'A dispute was won about',
  lost: 'A dispute was lost about',
} as const;
