import { t } from '@lingui/core/macro';
import { shareOf, useAccount } from '../../domain/account.js';
import { useBuy } from '../../domain/buying.js';
import { Offer } from '../../domain/Offer.js';
import { nextPlan, packsFor, useOffers } from '../../domain/offers.js';
import type { BalanceFieldsFragment, OffersQuery, PlanFieldsFragment } from '../../gql/operations.js';
import { Button } from '../../ui/Button.js';
import { Part } from '../../ui/Part.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { both } from '../../ui/reading.js';
import styles from './BalanceHero.module.css';

/** The next larger plan and more credits, to be pressed. While credits are low the smallest pack is named with its price. */
export function HeroOffers({ balance }: { balance: BalanceFieldsFragment }) {
  const account = useAccount();
  const offers = useOffers();
  return (
    <Part
      what={t`The offers`}
      of={both(shareOf(account, account.plan), offers)}
      skeleton={
        <div className={styles.waiting}>
          <Skeleton height="100%" label={t`Reading the offers`} />
        </div>
      }
    >
      {([plan, offered]) => <Offered balance={balance} plan={plan} offers={offered} />}
    </Part>
  );
}

type Given = { balance: BalanceFieldsFragment; plan: PlanFieldsFragment; offers: OffersQuery };

function Offered({ balance, plan, offers }: Given) {
  const buy = useBuy();
  const larger = nextPlan(offers.plans, plan);
  const [pack] = packsFor(offers.creditPacks, plan);
  return (
    <div className={styles.offers}>
      {larger !== null && (
        <Button onClick={() => buy({ kind: 'plan', code: larger.code })} data-offer="plan">
          {t`Upgrade`}
        </Button>
      )}
      {pack !== undefined &&
        (balance.level === 'OK' ? (
          <Button tone="main" onClick={() => buy({ kind: 'pack', creditType: 'STANDARD' })} data-offer="pack">
            {t`Buy credits`}
          </Button>
        ) : (
          <Offer kind="pack" item={pack} isMain />
        ))}
    </div>
  );
}
