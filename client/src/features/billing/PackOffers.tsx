import { t } from '@lingui/core/macro';
import { useAccount } from '../../domain/account.js';
import { nextPlan, packsFor, pricePerCredit, useOffers } from '../../domain/offers.js';
import { Offer } from '../../domain/Offer.js';
import type { CreditType } from '../../gql/operations.js';
import { Part } from '../../ui/Part.js';
import { both } from '../../ui/reading.js';
import { Section } from '../../ui/Section.js';
import { NotYours } from './NotYours.js';
import { lifeOf } from './pack-words.js';
import { useRights } from './useRights.js';
import styles from './Billing.module.css';

/** The packs of the catalogue, each to be bought. */
export function PackOffers() {
  return (
    <Section id="purchase" title={t`Purchase credits`}>
      <Packs creditType="STANDARD" />
    </Section>
  );
}

/** What can be bought of one kind of credits, with what each credit comes to; or what stands against it. */
export function Packs({ creditType }: { creditType: CreditType }) {
  const { plan } = useAccount();
  const offers = useOffers();
  const rights = useRights();
  return (
    <Part what={t`The packs`} of={both(offers, rights)} height={80}>
      {([{ creditPacks, plans }, { mayBuy }]) => {
        if (!mayBuy) return creditType === 'SCAN' ? null : <NotYours />;
        const packs = packsFor(creditPacks, plan, creditType);
        const [first] = packs;
        if (first === undefined) {
          const larger = plan === null ? null : nextPlan(plans, plan);
          if (creditType === 'SCAN' || plan === null) return null;
          return (
            <div className={styles.stack}>
              <p>{t`Packs cannot be bought on the ${plan.name} plan.`}</p>
              {larger !== null && <Offer kind="plan" item={larger} isMain />}
            </div>
          );
        }
        return (
          <div className={styles.stack}>
            <ul className={styles.offers} data-packs={creditType}>
              {packs.map((pack) => (
                <li key={pack.id}>
                  <Offer kind="pack" item={pack} reason={t`${pricePerCredit(pack) ?? ''} each`} />
                </li>
              ))}
            </ul>
            <p className={styles.note}>{lifeOf(first)}</p>
          </div>
        );
      }}
    </Part>
  );
}
