import { t } from '@lingui/core/macro';
import { shareOf, useAccount } from '../../domain/account.js';
import { Offer } from '../../domain/Offer.js';
import { nextPlan, packsFor, useOffers } from '../../domain/offers.js';
import type { BalanceFieldsFragment, OffersQuery, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { Part } from '../../ui/Part.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { both } from '../../ui/reading.js';
import { formatRemaining } from '../../ui/time.js';
import styles from './Ways.module.css';

/** Every way to more credits, each to be pressed: the smallest pack where packs may be bought, the next larger plan, the renewal. */
export function Ways() {
  const account = useAccount();
  const { plan, standard, now } = account;
  const offers = useOffers();
  const known = shareOf(account, plan === null || standard === null ? null : { plan, standard, now });
  const skeleton = (
    <div className={styles.waiting}>
      <Skeleton height="100%" label={t`Reading the offers`} />
    </div>
  );
  return (
    <Part what={t`The offers`} of={both(known, offers)} skeleton={skeleton}>
      {([given, offered]) => <Offered given={given} offers={offered} />}
    </Part>
  );
}

type Known = { plan: PlanFieldsFragment; standard: BalanceFieldsFragment; now: number | null };

function Offered({ given: { plan, standard, now }, offers }: { given: Known; offers: OffersQuery }) {
  const at = Date.parse(standard.nextResetAt);
  const renews = t`Renews to ${creditsInWords(plan.monthlyCredits)}`;
  const [pack] = packsFor(offers.creditPacks, plan);
  const larger = nextPlan(offers.plans, plan);
  const hasRenewal = plan.monthlyCredits > 0;
  return (
    <div className={styles.ways}>
      {hasRenewal && (
        <p>
          <b>{renews}</b> <Instant at={at} />
          {now !== null && <span role="timer">{t`, in ${formatRemaining(at - now)}`}</span>}
        </p>
      )}
      <div className={styles.offers}>
        {pack !== undefined && <Offer kind="pack" item={pack} />}
        {larger !== null && <Offer kind="plan" item={larger} />}
        {hasRenewal && <Offer kind="wait" item={{ at, title: renews }} />}
      </div>
    </div>
  );
}
