import { OctagonMinus, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useQuery } from '@apollo/client/react';
import { OffersDocument } from '../../gql/operations.js';
import { creditsInWords, formatMoney } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { formatRemaining } from '../../ui/time.js';
import { hasNoCreditsByPlan, largerPlans, toneOf } from './levels.js';
import type { Home, HomeAccount } from './useHome.js';
import styles from './LowBanner.module.css';

/**
 * Says that credits run low while they do, and what there is to do about it: everything in it is the server's.
 *
 * @param wayOn  a link to where the remaining credits can still be used
 */
export function LowBanner({ home, wayOn }: { home: Home; wayOn: ReactNode }) {
  const { standard, account } = home;
  if (standard === null || account === null || standard.level === 'OK' || hasNoCreditsByPlan(standard, account.plan))
    return null;
  const tone = toneOf(standard);
  const Shape = tone === 'empty' ? OctagonMinus : TriangleAlert;
  const title =
    tone === 'empty'
      ? 'You are out of credits'
      : `${standard.level === 'CRITICAL' ? 'Very low' : 'Low'}: ${creditsInWords(standard.available)} left`;
  return (
    <section className={styles.banner} data-tone={tone} aria-label="Low balance" data-low-banner>
      <Shape className={styles.shape} size={20} aria-hidden="true" />
      <div className={styles.words}>
        <strong>{title}</strong>
        <Ways account={account} resetAt={Date.parse(standard.nextResetAt)} now={home.now} />
        {wayOn}
      </div>
    </section>
  );
}

function Ways({ account, resetAt, now }: { account: HomeAccount; resetAt: number; now: number | null }) {
  const { data } = useQuery(OffersDocument);
  const [plan] = largerPlans(data?.plans ?? [], account.plan);
  const [pack] = (data?.creditPacks ?? [])
    .filter((each) => each.creditType === 'STANDARD')
    .sort((a, b) => a.price.amountMinor - b.price.amountMinor);
  return (
    <ul className={styles.ways}>
      {account.plan.monthlyCredits > 0 && (
        <li>
          Renews to {creditsInWords(account.plan.monthlyCredits)} on <Instant at={resetAt} show="day" />
          {now !== null && `, in ${formatRemaining(resetAt - now)}`}
        </li>
      )}
      {account.plan.canPurchase && pack !== undefined && (
        <li>
          Packs from {formatMoney(pack.price.amountMinor, pack.price.currency)} for{' '}
          {creditsInWords(pack.credits + pack.bonusCredits)}
        </li>
      )}
      {plan !== undefined && (
        <li>
          {plan.name} gives {creditsInWords(plan.monthlyCredits)} a period
        </li>
      )}
    </ul>
  );
}
