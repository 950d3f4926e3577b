import type { ReactNode } from 'react';
import { useQuery } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { OffersDocument } from '../../gql/operations.js';
import type { OffersQuery } from '../../gql/operations.js';
import { creditsInWords, formatMoney } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { Failed, Skeleton } from '../../ui/Section.js';
import { formatRemaining } from '../../ui/time.js';
import { largerPlans } from './levels.js';
import type { Home } from './useHome.js';
import styles from './Ways.module.css';

type Way = { name: string; words: ReactNode };

/** Every way to more credits: the renewal, the smallest pack where packs may be bought, the next larger plan. */
export function Ways({ home }: { home: Home }) {
  const { data, error, refetch } = useQuery(OffersDocument);
  const ways = data === undefined ? null : waysOf(home, data);
  if (ways === null) {
    const problem = data === undefined && error !== undefined ? messageOf(error) : home.problem;
    if (problem === null)
      return (
        <div className={styles.waiting}>
          <Skeleton height="100%" label="Reading the offers" />
        </div>
      );
    const again = (): void => {
      if (data === undefined) refetch().catch(() => undefined);
      if (home.problem !== null) home.retry();
    };
    return <Failed what="The offers" reason={problem} onRetry={again} />;
  }
  return (
    <dl className={styles.ways}>
      {ways.map((way) => (
        <div key={way.name}>
          <dt>{way.name}</dt>
          <dd>{way.words}</dd>
        </div>
      ))}
    </dl>
  );
}

function waysOf({ account, standard, now }: Home, offers: OffersQuery): Way[] | null {
  if (account === null || standard === null) return null;
  const ways: Way[] = [];
  const { plan } = account;
  if (plan.monthlyCredits > 0) {
    const at = Date.parse(standard.nextResetAt);
    ways.push({
      name: `Renews to ${creditsInWords(plan.monthlyCredits)}`,
      words: (
        <>
          <Instant at={at} />
          {now !== null && <span role="timer">{`, in ${formatRemaining(at - now)}`}</span>}
        </>
      ),
    });
  }
  const [pack] = offers.creditPacks
    .filter((each) => each.creditType === 'STANDARD')
    .toSorted((a, b) => a.price.amountMinor - b.price.amountMinor);
  if (plan.canPurchase && pack !== undefined)
    ways.push({
      name: `Packs from ${formatMoney(pack.price.amountMinor, pack.price.currency)}`,
      words: `for ${creditsInWords(pack.credits + pack.bonusCredits)}`,
    });
  const [larger] = largerPlans(offers.plans, plan);
  if (larger !== undefined)
    ways.push({ name: larger.name, words: `gives ${creditsInWords(larger.monthlyCredits)} a period` });
  return ways;
}
