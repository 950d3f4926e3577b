import { t } from '@lingui/core/macro';
import { shareOf, useAccount } from '../../domain/account.js';
import { stripOf } from '../../domain/balance.js';
import { Figure } from '../../ui/Figure.js';
import { formatCredits } from '../../ui/format.js';
import { Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { Strip } from '../../ui/Strip.js';
import { BurnOrder } from './BurnOrder.js';
import { Packs } from './PackOffers.js';
import styles from './Billing.module.css';

/** The other purse: it never mixes with the first. */
export function ScanCredits() {
  const account = useAccount();
  const { plan } = account;
  return (
    <Section id="scan-credits" title={t`Scan credits`}>
      <Part what={t`Your scan credits`} of={shareOf(account, account.scan)} height={96}>
        {(scan) => (
          <div className={styles.left}>
            <p className={styles.figures}>
              <Figure of={scan.id} value={scan.available} unit={t`left`} size="title" mark="billing-scan" />
              <span>
                <b>{formatCredits(scan.used)}</b> <span>{t`used`}</span>
              </span>
            </p>
            <Strip size={6} label={t`Scan credits left`} {...stripOf(scan)} />
            <p className={styles.note}>
              {plan !== null && !plan.deepScans
                ? t`Deep Scans are not part of the ${plan.name} plan.`
                : t`For Deep Scans only. Standard scans are free.`}
            </p>
          </div>
        )}
      </Part>
      <Packs creditType="SCAN" />
      <BurnOrder creditType="SCAN" />
    </Section>
  );
}
