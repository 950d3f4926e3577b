import { v7 } from 'uuid';
import { refundIdOf } from '../billing/fulfil.js';
import type { PurchaseFact, SettlePurchaseCommand } from '../ledger/core/commands/settle-purchase.js';
import type { PurchaseCommand } from '../ledger/core/commands/purchase.js';
import type { Outcome, RowAnswer } from '../ledger/core/outcome.js';
import type { PurchaseState } from '../ledger/core/purchase.js';
import { keyed } from './test-ledger.js';

const OWNER = { name: 'user:anna', holder: 'user:anna', member: 'anna', closesAny: false } as const;
export const PROVIDER = { name: 'system', member: 'system', closesAny: true } as const;

type PurchaseOptions = Partial<Omit<PurchaseCommand, 'type' | 'keyed' | 'accountId' | 'packId'>> & { key?: string };

/** `purchase(account, 'pack.200')`: begins to buy a pack. */
export function purchase(accountId: string, packId: string, options: PurchaseOptions = {}): PurchaseCommand {
  const { key = v7(), ...rest } = options;
  const said = { packId, returnUrl: null, savesMethod: false };
  return {
    type: 'purchase',
    accountId,
    actor: OWNER,
    keyed: keyed('purchase', key, said),
    purchaseId: v7(),
    provider: 'sandbox',
    ...said,
    ...rest,
  };
}

/** The word of a provider that a purchase was paid as priced. */
export function paidFact(
  { priceMinor, currency }: Pick<PurchaseState, 'priceMinor' | 'currency'>,
  paymentId: string,
): Extract<PurchaseFact, { is: 'paid' }> {
  return {
    is: 'paid',
    paymentId,
    price: { amountMinor: priceMinor, currency },
    receiptUrl: `https://pay.example/receipts/${paymentId}`,
    customerRef: null,
    method: null,
  };
}

/** Tells the ledger what a provider says of a purchase. */
export function settle(accountId: string, purchaseId: string, fact: PurchaseFact): SettlePurchaseCommand {
  return {
    type: 'settle-purchase',
    accountId,
    actor: PROVIDER,
    purchaseId,
    fact,
    grantId: v7(),
    bonusGrantId: v7(),
    refundId: fact.is === 'paid' ? refundIdOf(fact.paymentId) : v7(),
  };
}

/** The purchase of an answer; throws for any other answer. */
export function purchaseOf(outcome: Outcome): PurchaseState {
  if (outcome.kind === 'settled') return outcome.purchase;
  if (outcome.kind === 'row' && outcome.of === 'purchases') return (outcome as RowAnswer<'purchases'>).row;
  throw new Error(`no purchase: ${JSON.stringify(outcome)}`);
}
