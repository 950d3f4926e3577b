import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { shareOf, useAccount } from '../../domain/account.js';
import { creditsOf, nextPlan, packsFor, priceOf, useOffers } from '../../domain/offers.js';
import type { BalanceFieldsFragment, OffersQuery, PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { Part } from '../../ui/Part.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { both } from '../../ui/reading.js';
import { formatRemaining } from '../../ui/time.js';
import styles from './Ways.module.css';

type Way = { name: string; words: ReactNode };

/** Every way to more credits: the renewal, the smallest pack where packs may be bought, the next larger plan. */
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
      {([given, offered]) => (
        <dl className={styles.ways}>
          {waysOf(given, offered).map((way) => (
            <div key={way.name}>
              <dt>{way.name}</dt>
              <dd>{way.words}</dd>
            </div>
          ))}
        </dl>
      )}
    </Part>
  );
}

type Known = { plan: PlanFieldsFragment; standard: BalanceFieldsFragment; now: number | null };

function waysOf({ plan, standard, now }: Known, offers: OffersQuery): Way[] {
  const ways: Way[] = [];
  if (plan.monthlyCredits > 0) {
    const at = Date.parse(standard.nextResetAt);
    ways.push({
      name: t`Renews to ${creditsInWords(plan.monthlyCredits)}`,
      words: (
        <>
          <Instant at={at} />
          {now !== null && <span role="timer">{t`, in ${formatRemaining(at - now)}`}</span>}
        </>
      ),
    });
  }
  const [pack] = packsFor(offers.creditPacks, plan);
  if (pack !== undefined)
    ways.push({ name: t`Packs from ${priceOf(pack)}`, words: t`for ${creditsInWords(creditsOf(pack))}` });
  const larger = nextPlan(offers.plans, plan);
  if (larger !== null)
    ways.push({ name: larger.name, words: t`gives ${creditsInWords(larger.monthlyCredits)} a period` });
  return ways;
}
