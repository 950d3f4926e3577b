import type { CreditType } from '../../../catalog/catalog.js';
import type { TopUpOff } from '../billing.js';
import { asKept, type EventKind } from './event-kind.js';

const WHY: Readonly<Record<TopUpOff, string>> = {
  TURNED_OFF: 'somebody turned it off',
  DECLINED: 'three payments in a row were declined',
  DISPUTED: 'a payment is disputed at the bank',
  NO_PAYMENT_METHOD: 'the payment method was removed',
  PLAN: 'the plan may not buy packs',
};
const CREDITS: Readonly<Record<CreditType, string>> = { STANDARD: 'credits', SCAN: 'scan credits' };

/** Auto top-up was turned off without anybody asking for that. */
export const AUTO_TOP_UP_OFF: EventKind<{ readonly because: TopUpOff }> = {
  means:
    'Auto top-up was turned off: payments were declined or disputed, the payment method was removed, or the plan may not buy.',
  formats: [asKept],
  describe: ({ because }, { creditType }) => `Auto top-up of ${CREDITS[creditType]} is off: ${WHY[because]}.`,
};
