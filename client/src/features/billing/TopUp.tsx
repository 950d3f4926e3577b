import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useAccount } from '../../domain/account.js';
import { creditsOf, priceOf } from '../../domain/offers.js';
import type { Pack } from '../../domain/offers.js';
import type { TopUpFieldsFragment } from '../../gql/billing.js';
import { Button } from '../../ui/Button.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { State } from '../../ui/State.js';
import { RuleRows } from './RuleRows.js';
import { TopUpCost } from './TopUpCost.js';
import { useSetTopUp } from './useTopUp.js';
import type { Rule } from './useTopUp.js';
import styles from './Billing.module.css';

type Props = {
  topUp: TopUpFieldsFragment;
  /** What may be bought; none on a plan that may not. */
  packs: readonly Pack[];
  mayBuy: boolean;
  hasMethod: boolean;
  again: () => Promise<unknown>;
};

/** Whether it is on and why not, its rule, and what it may cost; each part of the rule is saved by itself while it is on. */
export function TopUp({ topUp, packs, mayBuy, hasMethod, again }: Props) {
  const { standard } = useAccount();
  const set = useSetTopUp(again);
  const [first] = packs;
  const [draft, setDraft] = useState<Partial<Rule>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const rule: Rule = {
    packId: topUp.pack?.id ?? first?.id ?? '',
    // A first proposal: the balance at which the account is warned is not known here; a tenth of the month is near it.
    threshold: topUp.pack === null ? Math.ceil((standard?.allowance ?? 0) / 10) : topUp.threshold,
    purchasesPerPeriodMax: topUp.purchasesPerPeriodMax,
    ...(topUp.enabled ? {} : draft),
  };
  const pack = packs.find(({ id }) => id === rule.packId);
  const turn = async (enabled: boolean): Promise<void> => setProblem(await set(rule, enabled));
  const change = (changed: Partial<Rule>): Promise<string | null> => {
    if (topUp.enabled) return set({ ...rule, ...changed }, true);
    setDraft((before) => ({ ...before, ...changed }));
    return Promise.resolve(null);
  };
  return (
    <div className={styles.stack} data-top-up={topUp.enabled ? 'on' : 'off'}>
      <p>
        <State shape={topUp.enabled ? 'dot' : 'ring'} tone={isTrouble(topUp) ? 'low' : 'plain'}>
          {topUp.enabled ? t`On` : t`Off`}
        </State>{' '}
        <span className={styles.note}>{sentenceOf(topUp, pack)}</span>
      </p>
      {topUp.pending !== null && <Pending topUp={topUp} />}
      {mayBuy && pack !== undefined && (
        <>
          <RuleRows rule={rule} packs={packs} save={change} />
          <TopUpCost rule={rule} isOn={topUp.enabled} hasMethod={hasMethod} />
          {problem !== null && (
            <p role="alert" className={styles.refused}>
              {problem}
            </p>
          )}
          <div>
            {topUp.enabled ? (
              <Button onClick={() => void turn(false)}>{t`Turn off`}</Button>
            ) : (
              <Button
                tone="main"
                onClick={() => void turn(true)}
                aria-disabled={!hasMethod}
                aria-describedby="top-up-cost"
                data-turn-on
              >
                {t`Turn on: ${formatCredits(creditsOf(pack))} for ${priceOf(pack)} at ${formatCredits(rule.threshold)} left`}
              </Button>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function Pending({ topUp: { pending } }: { topUp: TopUpFieldsFragment }) {
  if (pending === null) return null;
  return (
    <p className={styles.notice}>
      <span>
        {pending.needsBuyer ? t`Your bank asks you to confirm the last top-up.` : t`A top-up is being paid right now.`}
      </span>{' '}
      {pending.needsBuyer && pending.checkoutUrl !== null && (
        <a href={pending.checkoutUrl}>{t`Confirm at the checkout`}</a>
      )}
    </p>
  );
}

function isTrouble({ offBecause }: TopUpFieldsFragment): boolean {
  return offBecause === 'DECLINED' || offBecause === 'DISPUTED' || offBecause === 'NO_PAYMENT_METHOD';
}

function sentenceOf(topUp: TopUpFieldsFragment, pack: Pack | undefined): string {
  const { enabled, offBecause, threshold, purchasesThisPeriod, purchasesPerPeriodMax } = topUp;
  if (enabled && pack !== undefined) {
    const bought = t`${formatCredits(purchasesThisPeriod)} of at most ${formatCredits(purchasesPerPeriodMax)} this month`;
    return t`Buys ${creditsInWords(creditsOf(pack))} at ${formatCredits(threshold)} left; ${bought}.`;
  }
  switch (offBecause) {
    case 'DECLINED':
      return t`Turned off: three payments in a row were declined.`;
    case 'DISPUTED':
      return t`Turned off: a payment was disputed at the bank.`;
    case 'NO_PAYMENT_METHOD':
      return t`Turned off: the card was removed.`;
    case 'PLAN':
      return t`Your plan may not buy packs.`;
    default:
      return '';
  }
}
