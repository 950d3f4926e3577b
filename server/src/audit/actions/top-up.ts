import { isolate } from '../../kit/check-text.js';
import { grouped } from '../../kit/grouped.js';
import { moneyText } from '../../kit/money-text.js';
import { type ActionKind, asKept } from './action-kind.js';

/** Somebody turned auto top-up on or off, or had it buy something else. */
export const TOP_UP_SET: ActionKind<{
  readonly creditType: string;
  readonly isOn: boolean;
  readonly packId: string;
  readonly threshold: number;
  readonly purchasesPerPeriodMax: number;
}> = {
  formats: [asKept],
  describe: ({ creditType, isOn, packId, threshold, purchasesPerPeriodMax: most }) =>
    isOn
      ? `Set auto top-up of ${creditType} credits: ${isolate(packId)} at ${grouped(threshold)} or fewer, ${grouped(most)} a period at most`
      : `Turned auto top-up of ${creditType} credits off`,
};

/** Auto top-up began to buy a pack. */
export const TOP_UP_BEGUN: ActionKind<{
  /** uuid. */
  readonly purchaseId: string;
  readonly packId: string;
  readonly packName: string;
  /** Minor units. */
  readonly amountMinor: number;
  readonly currency: string;
}> = {
  formats: [asKept],
  describe: ({ packName, ...price }) => `Auto top-up began to buy ${isolate(packName)} for ${moneyText(price)}`,
};

const ENDS: Readonly<Record<string, string>> = {
  DECLINED: 'three payments in a row were declined',
  DISPUTED: 'a payment is disputed at the bank',
  NO_PAYMENT_METHOD: 'the payment method was removed',
  PLAN: 'the plan may not buy packs',
};

/** Auto top-up was turned off without anybody asking for that. */
export const TOP_UP_ENDED: ActionKind<{ readonly creditType: string; readonly because: string }> = {
  formats: [asKept],
  describe: ({ creditType, because }) =>
    `Turned auto top-up of ${creditType} credits off, since ${ENDS[because] ?? because}`,
};
