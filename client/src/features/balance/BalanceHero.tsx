import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { shareOf, useAccount } from '../../domain/account.js';
import { hasNoCreditsByPlan, lowTitle, stripOf, wholeOf } from '../../domain/balance.js';
import { usePriceList } from '../../domain/price-list.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits, formatPercent } from '../../ui/format.js';
import { Figure } from '../../ui/Figure.js';
import { Part } from '../../ui/Part.js';
import { Strip } from '../../ui/Strip.js';
import { HeroOffers } from './HeroOffers.js';
import { Legend } from './Legend.js';
import { Runway } from './Runway.js';
import { TestClock } from './TestClock.js';
import { enoughInWords, goodFor } from './payable.js';
import styles from './BalanceHero.module.css';

type Props = { freshness: ReactNode; wayOn: (words: string) => ReactNode; withoutCredits: ReactNode };

/**
 * The first thing to read: what one has, what it is good for, how far the period is, and the way to more.
 *
 * @param freshness  how current the numbers are, where there is more to say than that they are
 * @param wayOn  a link to where credits are used, with the given words
 * @param withoutCredits  what stands there on a plan without credits
 */
export function BalanceHero({ freshness, wayOn, withoutCredits }: Props) {
  const account = useAccount();
  return (
    <section className={styles.hero} aria-labelledby="balance-title">
      <h2 id="balance-title" className="visually-hidden">
        {t`Your credits`}
      </h2>
      <Part what={t`Your balance`} of={shareOf(account, account.standard)} height={252}>
        {(standard) =>
          hasNoCreditsByPlan(standard, account.plan) ? (
            withoutCredits
          ) : (
            <Owned standard={standard} freshness={freshness} wayOn={wayOn} />
          )
        }
      </Part>
    </section>
  );
}

function Owned({ standard, freshness, wayOn }: Omit<Props, 'withoutCredits'> & { standard: BalanceFieldsFragment }) {
  const low = lowTitle(standard);
  const parts = [standard.allowanceLeft, standard.promotional, standard.purchased].filter((credits) => credits > 0);
  return (
    <>
      <div className={styles.top}>
        <p className={styles.figure}>
          <Figure of={standard.id} value={standard.available} size="figure" mark="available" />
        </p>
        <div className={styles.words} data-low-banner={low === null ? undefined : ''}>
          <p>
            {low === null ? <span>{t`credits left`}</span> : <strong data-level={standard.level}>{low}</strong>}
            <span aria-hidden="true">·</span>
            <Used balance={standard} />
          </p>
          <GoodFor wayOn={wayOn} />
        </div>
        <HeroOffers balance={standard} />
      </div>
      <div className={styles.measure}>
        <Strip size={20} label={t`Credits left`} {...stripOf(standard)} parts={parts} />
        <Legend balance={standard} />
        <Runway balance={standard} />
        <div className={styles.notes}>
          <TestClock />
          {freshness}
        </div>
      </div>
    </>
  );
}

/** "38 of 100 used (38 %)". */
function Used({ balance }: { balance: BalanceFieldsFragment }) {
  const whole = formatCredits(wholeOf(balance));
  const used = formatCredits(balance.used);
  return (
    <span>
      <Trans>
        <b>{used}</b> <span>{t`of ${whole} used`}</span>
      </Trans>{' '}
      <span>{`(${formatPercent(balance.usedPercent)})`}</span>
    </span>
  );
}

/** What can be made with it, as a way there; what is open when nothing can be. */
function GoodFor({ wayOn }: Pick<Props, 'wayOn'>) {
  const { plan, standard } = useAccount();
  const { value: operations } = usePriceList();
  if (plan === null || standard === null || operations === null) return <p className={styles.good} />;
  const good = goodFor(standard, plan, operations);
  return (
    <p className={styles.good}>
      {good.kind === 'said' ? <span>{good.sentence}</span> : wayOn(enoughInWords(good.enough))}
      {standard.waiting > 0 && <span>{t`${creditsInWords(standard.waiting)} wait for a paid plan.`}</span>}
    </p>
  );
}
