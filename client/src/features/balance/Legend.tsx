import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useAccount } from '../../domain/account.js';
import { toneOf, wholeOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import styles from './Legend.module.css';

/** What the strip's parts are, in figures, and the other purse at the end: it never mixes with the first. */
export function Legend({ balance }: { balance: BalanceFieldsFragment }) {
  const tone = toneOf(balance);
  return (
    <ul className={styles.legend}>
      <li>
        <i data-part="left" data-tone={tone} />
        <span>
          <Trans>
            <b>{formatCredits(balance.available)}</b> left
          </Trans>
        </span>
        <Sources balance={balance} />
      </li>
      <li>
        <i data-part="held" data-tone={tone} />
        <span>
          <Trans>
            <b>{formatCredits(balance.held)}</b> on hold
          </Trans>
        </span>
      </li>
      <li>
        <i data-part="gone" />
        <span>
          <Trans>
            <b>{formatCredits(balance.used)}</b> used
          </Trans>
        </span>
      </li>
      <li className={styles.scan}>
        <ScanCredits />
      </li>
    </ul>
  );
}

/** Where what is left comes from, in the order it is used; nothing while it is the monthly credits alone. */
function Sources({ balance }: { balance: BalanceFieldsFragment }) {
  if (balance.promotional + balance.purchased === 0) return null;
  const parts = [
    balance.allowanceLeft > 0 && t`${formatCredits(balance.allowanceLeft)} monthly`,
    balance.promotional > 0 && t`${formatCredits(balance.promotional)} given`,
    balance.purchased > 0 && t`${formatCredits(balance.purchased)} bought`,
  ].filter((part) => part !== false);
  return <span data-sources>{`(${parts.join(' · ')})`}</span>;
}

function ScanCredits() {
  const { scan, plan } = useAccount();
  if (scan === null || plan === null) return null;
  if (!plan.deepScans && wholeOf(scan) === 0)
    return <span>{t`Deep Scans are not part of the ${plan.name} plan.`}</span>;
  const whole = formatCredits(wholeOf(scan));
  return (
    <span data-scan-available={scan.available}>
      <Trans>
        Scan credits <b>{formatCredits(scan.available)}</b> of {whole} left
      </Trans>
      {scan.held > 0 && <span>{t`, ${formatCredits(scan.held)} on hold`}</span>}
    </span>
  );
}
