import { useEffect, useEffectEvent } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import { OnePurchaseDocument, PlanNowDocument } from '../../gql/billing.js';
import { useToast } from '../../ui/Toasts.js';
import { takeLeft } from './place.js';
import { planToastOf, toastOf } from './returned-words.js';

/** Tells what came of the checkout that this tab left for, once it is back: paid, not yet, declined, given up. Shows nothing itself. */
export function Returned() {
  const client = useApolloClient();
  const { accountId, again } = useAccount();
  const show = useToast();
  const tell = useEffectEvent(async () => {
    const left = takeLeft(accountId);
    if (left === null) return;
    await again();
    if ('plan' in left) {
      const { data } = await client.query({
        query: PlanNowDocument,
        variables: { accountId },
        fetchPolicy: 'network-only',
      });
      if (data?.account) show(planToastOf(data.account.plan, left.plan));
    }
    if (!('purchaseId' in left)) return;
    const { data } = await client.query({
      query: OnePurchaseDocument,
      variables: { id: left.purchaseId },
      fetchPolicy: 'network-only',
    });
    if (data?.purchase) show(toastOf(data.purchase));
  });
  useEffect(() => {
    // What cannot be read now, Billing shows later.
    tell().catch(() => undefined);
  }, []);
  return null;
}
