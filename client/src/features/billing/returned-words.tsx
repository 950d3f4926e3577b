import { t } from '@lingui/core/macro';
import { CircleCheck, CircleX, Clock } from 'lucide-react';
import { creditsOfInWords } from '../../domain/balance.js';
import { priceOf } from '../../domain/offers.js';
import type { PurchaseFieldsFragment } from '../../gql/billing.js';
import type { Toast } from '../../ui/Toasts.js';

/** What is told of a purchase when its buyer is back from the checkout. */
export function toastOf(purchase: PurchaseFieldsFragment): Toast {
  const { id, status, credits, bonusCredits, pack } = purchase;
  const bought = creditsOfInWords(credits + bonusCredits, pack.creditType);
  const price = priceOf(purchase);
  const said = { id: `returned:${id}`, topic: `purchase:${id}`, tone: 'plain' } as const;
  switch (status) {
    case 'PENDING':
      return {
        ...said,
        tone: 'low',
        icon: <Clock size={17} />,
        title: t`${bought}: the payment is not confirmed yet`,
        text: t`If you paid, they come by themselves, and nothing is charged twice.`,
        action:
          purchase.checkoutUrl === null ? undefined : <a href={purchase.checkoutUrl}>{t`Open the checkout again`}</a>,
      };
    case 'FAILED':
      return {
        ...said,
        tone: 'empty',
        icon: <CircleX size={17} />,
        title: t`${bought}: the payment was declined`,
        text: t`Nothing was charged. Another card may work.`,
        action: purchase.checkoutUrl === null ? undefined : <a href={purchase.checkoutUrl}>{t`Try another card`}</a>,
      };
    case 'CANCELED':
      return {
        ...said,
        icon: <CircleX size={17} />,
        title: t`${bought}: not bought`,
        text: t`You left the checkout. Nothing was charged.`,
      };
    default:
      return {
        ...said,
        icon: <CircleCheck size={17} />,
        title: t`${bought} are here`,
        text: t`Paid ${price}. The receipt is in Billing.`,
      };
  }
}
