import { t } from '@lingui/core/macro';
import { priceOf } from '../../domain/offers.js';
import type { PurchaseFieldsFragment } from '../../gql/billing.js';

export type PurchaseWords = {
  shape: 'dot' | 'ring' | 'diamond' | 'triangle' | 'stop';
  tone: 'plain' | 'low' | 'out';
  word: string;
  /** What it means for the buyer, where the word alone leaves that open. */
  more: string | null;
  /** What the way back to its checkout is called; null: there is nothing to do there. */
  goOn: string | null;
};

type Told = Pick<PurchaseFieldsFragment, 'status' | 'needsBuyer' | 'refunded' | 'declineCode'>;

/** What became of a purchase, as its buyer understands it. A status that this page does not know yet reads as waiting. */
export function stateOf({ status, needsBuyer, refunded }: Told): PurchaseWords {
  const plain = { shape: 'dot', tone: 'plain', more: null, goOn: null } as const;
  const back = priceOf({ price: refunded });
  switch (status) {
    case 'PAID':
      return { ...plain, word: t`Paid` };
    case 'FAILED':
      return {
        shape: 'stop',
        tone: 'out',
        word: t`Declined`,
        more: t`The card was declined. Nothing was charged.`,
        goOn: t`Try another card`,
      };
    case 'CANCELED':
      return { ...plain, shape: 'ring', word: t`Not bought`, more: t`Not paid. Nothing was charged.` };
    case 'PARTIALLY_REFUNDED':
      return { ...plain, word: t`Paid, ${back} refunded` };
    case 'REFUNDED':
      return { ...plain, shape: 'ring', word: t`${back} refunded` };
    case 'DISPUTED':
      return {
        ...plain,
        shape: 'triangle',
        tone: 'low',
        word: t`Disputed`,
        more: t`The payment is disputed at the bank. What was left of it cannot be used until that is decided.`,
      };
    case 'CHARGED_BACK':
      return {
        ...plain,
        shape: 'stop',
        tone: 'out',
        word: t`Taken back`,
        more: t`The bank gave the money back to the buyer.`,
      };
    default:
      return needsBuyer
        ? {
            shape: 'triangle',
            tone: 'low',
            word: t`Your bank wants you`,
            more: t`The bank asks you to confirm this payment. Nothing is charged before.`,
            goOn: t`Confirm at the checkout`,
          }
        : {
            shape: 'ring',
            tone: 'plain',
            word: t`Processing`,
            more: t`If you paid, the credits come by themselves as soon as the payment is confirmed, and nothing is charged twice.`,
            goOn: t`Open the checkout`,
          };
  }
}
