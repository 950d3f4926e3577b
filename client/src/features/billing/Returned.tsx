import { useEffect, useEffectEvent } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import type { LeftFor } from '../../domain/buying.js';
import { OnePurchaseDocument } from '../../gql/billing.js';
import { useToast } from '../../ui/Toasts.js';
import { toastOf } from './returned-words.js';

/** Tells what came of the checkout that this tab left for, once it is back: paid, not yet, declined, given up. Shows nothing itself. */
export function Returned({ left }: { left: LeftFor }) {
  const client = useApolloClient();
  const { again } = useAccount();
  const show = useToast();
  const tell = useEffectEvent(async () => {
    if (!('purchaseId' in left)) return void (await again());
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
