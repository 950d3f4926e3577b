import { t } from '@lingui/core/macro';
import { LockKeyhole } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import { Offer } from '../../domain/Offer.js';
import { priceOf } from '../../domain/offers.js';
import type { PlanFieldsFragment } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import styles from './NotInPlan.module.css';

type Refusal = { message: string; upgrade: PlanFieldsFragment | null };

/** The plan does not have this room: which one does, and what it comes with, in the server's figures. */
export function NotInPlan({ refusal }: { refusal: Refusal }) {
  const { plan } = useAccount();
  const { upgrade } = refusal;
  const isPlain = upgrade !== null && plan !== null;
  return (
    <div className={styles.locked} data-not-in-plan>
      <span className={styles.lock} aria-hidden="true">
        <LockKeyhole size={20} />
      </span>
      <h2>{upgrade === null ? t`Not part of your plan` : t`Production Room needs ${upgrade.name}`}</h2>
      <p>
        {isPlain
          ? t`The ${plan.name} plan does not generate images, audio or video. ${upgrade.name} comes with:`
          : refusal.message}
      </p>
      {upgrade !== null && (
        <dl className={styles.plan}>
          <div>
            <dt>{t`Credits a period`}</dt>
            <dd>{creditsInWords(upgrade.monthlyCredits)}</dd>
          </div>
          <div>
            <dt>{t`Price a month`}</dt>
            <dd>{priceOf(upgrade) ?? t`By agreement`}</dd>
          </div>
          <div>
            <dt>{t`Deep Scans`}</dt>
            <dd>{upgrade.deepScans ? t`Included` : t`Not included`}</dd>
          </div>
          <div>
            <dt>{t`Credit packs`}</dt>
            <dd>{upgrade.canPurchase ? t`Can be bought` : t`Not on this plan`}</dd>
          </div>
        </dl>
      )}
      {upgrade !== null && <Offer kind="plan" item={upgrade} isMain />}
      <p>{t`The Media Library stays open: uploads cost nothing.`}</p>
    </div>
  );
}
