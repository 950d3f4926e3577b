import { t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { CalendarCheck } from 'lucide-react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { ChangePlanDocument } from '../../gql/billing.js';
import type { PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { useCloseSheet } from '../../ui/Sheet.js';
import { formatInstant } from '../../ui/time.js';
import { useToast } from '../../ui/Toasts.js';
import { leaveFor, returnUrl } from './place.js';
import type { Step } from './Pay.js';

/**
 * Puts the account on another plan, or leaves for the checkout at which it is paid first. Closes the sheet that it is in, and tells
 * what became of it.
 *
 * One key for as long as the sheet is open: an answer that got lost is asked for again.
 */
export function useChangePlan(plan: PlanFieldsFragment): { step: Step; change: () => Promise<void> } {
  const client = useApolloClient();
  const { accountId, standard, again } = useAccount();
  const close = useCloseSheet();
  const show = useToast();
  const [step, setStep] = useState<Step>({ is: 'ready' });
  const opening = useRef<string>(null);
  const ask = async (): Promise<Step> => {
    opening.current ??= crypto.randomUUID();
    const input = { accountId, plan: plan.code, idempotencyKey: opening.current, returnUrl: returnUrl() };
    const { data } = await untilAnswered(() => client.mutate({ mutation: ChangePlanDocument, variables: { input } }));
    const result = data?.changePlan;
    if (result?.__typename === 'PlanPaymentPending') {
      leaveFor(result.checkoutUrl, { accountId, plan: plan.code });
      return { is: 'leaving' };
    }
    if (result?.__typename !== 'PlanReceipt')
      return { is: 'refused', why: result?.message ?? t`The server did not answer.` };
    await again();
    const at = Date.parse(result.effectiveAt);
    const isLater = result.effectiveAt === standard?.nextResetAt;
    const id = `plan:${opening.current}`;
    show({
      id,
      topic: 'plan',
      tone: 'plain',
      icon: <CalendarCheck size={17} />,
      title: isLater ? t`${plan.name} from ${formatInstant(at)}` : t`You are on ${plan.name}`,
      text: isLater
        ? t`Until then everything stays as it is. You can take it back in Billing.`
        : t`${creditsInWords(result.balance.available)} left.`,
    });
    close();
    return { is: 'ready' };
  };
  return {
    step,
    change: async () => {
      setStep({ is: 'asking' });
      setStep(await ask().catch((error: unknown): Step => ({ is: 'refused', why: messageOf(error) })));
    },
  };
}
