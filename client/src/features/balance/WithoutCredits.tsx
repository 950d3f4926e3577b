import { t } from '@lingui/core/macro';
import { useAccount } from '../../domain/account.js';
import { Offer } from '../../domain/Offer.js';
import { useOffers } from '../../domain/offers.js';
import { usePriceList } from '../../domain/price-list.js';
import type { PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { Figure } from '../../ui/Figure.js';
import { Part } from '../../ui/Part.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { messages } from '../../words/en/WithoutCredits.po';
import { learn } from '../../words/words.js';
import { enoughInWords, goodFor } from './payable.js';
import styles from './BalanceHero.module.css';

learn(messages);

/** A plan without credits: what stays open on it, and what every larger one gives, to be pressed. */
export default function WithoutCredits() {
  const { plan, standard: balance } = useAccount();
  const offers = useOffers();
  const larger = (present: PlanFieldsFragment): PlanFieldsFragment[] =>
    (offers.value?.plans ?? [])
      .filter((each) => each.monthlyCredits > present.monthlyCredits)
      .toSorted((a, b) => a.monthlyCredits - b.monthlyCredits);
  return (
    <div className={styles.free}>
      <div className={styles.top}>
        <p className={styles.figure}>
          {balance !== null && <Figure of={balance.id} value={balance.available} size="figure" mark="available" />}
        </p>
        <div className={styles.words}>
          <p>{plan !== null && <strong>{t`The ${plan.name} plan comes without monthly credits.`}</strong>}</p>
          <p>{t`What costs nothing stays open: uploads, text and standard scans.`}</p>
          {balance !== null && balance.waiting > 0 && (
            <p>{t`${creditsInWords(balance.waiting)} you own wait for a paid plan.`}</p>
          )}
        </div>
      </div>
      <Part what={t`The plans`} of={offers} skeleton={<Skeleton height={190} label={t`Reading the plans`} />}>
        {() => (
          <div className={styles.plans}>
            {plan !== null &&
              larger(plan).map((each, index) => <PlanCard key={each.code} plan={each} isMain={index === 0} />)}
          </div>
        )}
      </Part>
    </div>
  );
}

function PlanCard({ plan, isMain }: { plan: PlanFieldsFragment; isMain: boolean }) {
  const { value: operations } = usePriceList();
  const good = operations === null ? null : goodFor({ available: plan.monthlyCredits }, plan, operations);
  return (
    <section className={styles.plan} aria-label={plan.name}>
      <div>
        <h3>{t`${plan.name}: ${creditsInWords(plan.monthlyCredits)} a month`}</h3>
        <ul>
          {good?.kind === 'production' && <li>{enoughInWords(good.enough)}</li>}
          {plan.deepScans && <li>{t`Deep Scans`}</li>}
          {plan.canPurchase && <li>{t`More credits whenever you need them`}</li>}
        </ul>
      </div>
      <Offer kind="plan" item={plan} isMain={isMain} />
    </section>
  );
}
