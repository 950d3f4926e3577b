import { t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import type { Pack } from '../../domain/offers.js';
import { BuyPackDocument } from '../../gql/billing.js';
import { leaveFor, returnUrl } from './place.js';
import type { Step } from './Pay.js';

/**
 * Begins to buy a pack and leaves for its checkout.
 *
 * One key a choice for as long as the sheet is open: an answer that got lost is asked for again, never bought again. A purchase that
 * ended meanwhile (canceled at the checkout, and the buyer came back by the browser's own button) is begun anew.
 */
export function useBuyPack(): { step: Step; buy: (pack: Pack, saves: boolean) => Promise<void> } {
  const client = useApolloClient();
  const { accountId } = useAccount();
  const [step, setStep] = useState<Step>({ is: 'ready' });
  const opening = useRef<string>(null);
  const begin = async (pack: Pack, saves: boolean): Promise<Step> => {
    opening.current ??= crypto.randomUUID();
    const input = {
      accountId,
      packId: pack.id,
      savePaymentMethod: saves,
      returnUrl: returnUrl(),
      idempotencyKey: `${opening.current}.${pack.id}.${saves}`,
    };
    const { data } = await untilAnswered(() => client.mutate({ mutation: BuyPackDocument, variables: { input } }));
    const result = data?.purchaseCredits;
    if (result?.__typename !== 'PurchaseReceipt')
      return { is: 'refused', why: result?.message ?? t`The server did not answer.` };
    const { id, status, checkoutUrl } = result.purchase;
    if (status === 'PENDING' && checkoutUrl !== null) {
      leaveFor(checkoutUrl, { accountId, purchaseId: id });
      return { is: 'leaving' };
    }
    opening.current = null;
    return status === 'PENDING'
      ? { is: 'refused', why: t`The checkout is not open yet. Try again in a moment.` }
      : begin(pack, saves);
  };
  return {
    step,
    buy: async (pack, saves) => {
      setStep({ is: 'asking' });
      setStep(await begin(pack, saves).catch((error: unknown): Step => ({ is: 'refused', why: messageOf(error) })));
    },
  };
}
