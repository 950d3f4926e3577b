import { LockKeyhole } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
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
      <h2>{upgrade === null ? 'Not part of your plan' : `Production Room needs ${upgrade.name}`}</h2>
      <p>
        {isPlain
          ? `The ${plan.name} plan does not generate images, audio or video. ${upgrade.name} comes with:`
          : refusal.message}
      </p>
      {upgrade !== null && (
        <dl className={styles.plan}>
          <div>
            <dt>Credits a period</dt>
            <dd>{creditsInWords(upgrade.monthlyCredits)}</dd>
          </div>
          <div>
            <dt>Price a month</dt>
            <dd>{priceOf(upgrade) ?? 'By agreement'}</dd>
          </div>
          <div>
            <dt>Deep Scans</dt>
            <dd>{upgrade.deepScans ? 'Included' : 'Not included'}</dd>
          </div>
          <div>
            <dt>Credit packs</dt>
            <dd>{upgrade.canPurchase ? 'Can be bought' : 'Not on this plan'}</dd>
          </div>
        </dl>
      )}
      <p>The Media Library stays open: uploads cost nothing.</p>
    </div>
  );
}
