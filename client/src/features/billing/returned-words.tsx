import { t } from '@lingui/core/macro';
import { CircleCheck, CircleX, Clock, TriangleAlert } from 'lucide-react';
import { creditsOfInWords } from '../../domain/balance.js';
import { priceOf } from '../../domain/offers.js';
import type { PurchaseFieldsFragment } from '../../gql/billing.js';
import type { PlanCode, PlanFieldsFragment } from '../../gql/operations.js';
import type { Toast } from '../../ui/Toasts.js';

type Said = Pick<Toast, 'id' | 'topic'>;

function bankWantsYou({ checkoutUrl }: PurchaseFieldsFragment, said: Said): Toast {
  return {
    ...said,
    tone: 'low',
    icon: <TriangleAlert size={17} />,
    title: t`Your bank wants you`,
    text: t`It asks you to confirm this payment. Nothing is charged before.`,
    action: checkoutUrl === null ? undefined : <a href={checkoutUrl}>{t`Confirm at the checkout`}</a>,
  };
}

/** What is told of a plan when its buyer is back from the checkout. */
export function planToastOf(plan: PlanFieldsFragment, wanted: PlanCode): Toast {
  const isThere = plan.code === wanted;
  return {
    id: `returned:${wanted}`,
    topic: 'plan',
    tone: isThere ? 'plain' : 'low',
    icon: isThere ? <CircleCheck size={17} /> : <Clock size={17} />,
    title: isThere ? t`You are on ${plan.name}` : t`The payment for the plan is not confirmed yet`,
    text: isThere
      ? t`What comes with it can be used at once.`
      : t`If you paid, the plan changes by itself, and nothing is charged twice. Until then you are on ${plan.name}.`,
  };
}

/** What is told of a purchase when its buyer is back from the checkout. */
export function toastOf(purchase: PurchaseFieldsFragment): Toast {
  const { id, status, credits, bonusCredits, pack } = purchase;
  const bought = creditsOfInWords(credits + bonusCredits, pack.creditType);
  const price = priceOf(purchase);
  const said = { id: `returned:${id}`, topic: `purchase:${id}`, tone: 'plain' } as const;
  switch (status) {
    case 'PENDING':
      return purchase.needsBuyer
        ? bankWantsYou(purchase, said)
        : {
            ...said,
            tone: 'low',
            icon: <Clock size={17} />,
            title: t`${bought}: the payment is not confirmed yet`,
            text: t`If you paid, they come by themselves, and nothing is charged twice.`,
            action:
              purchase.checkoutUrl === null ? undefined : (
                <a href={purchase.checkoutUrl}>{t`Open the checkout again`}</a>
              ),
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
