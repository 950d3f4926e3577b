import { t } from '@lingui/core/macro';
import { useAccount } from '../../domain/account.js';
import { Section } from '../../ui/Section.js';
import { useRights } from './useRights.js';
import styles from './Billing.module.css';

/** Who answers questions about money; nothing where the server names nobody. */
export function Questions() {
  const { accountId } = useAccount();
  const address = useRights().value?.supportAddress ?? null;
  if (address === null) return null;
  const subject = encodeURIComponent(t`Billing of ${accountId}`);
  return (
    <Section id="billing-help" title={t`Questions`}>
      <p className={styles.note}>
        <a href={`mailto:${address}?subject=${subject}`}>{t`Write to ${address}`}</a>
      </p>
    </Section>
  );
}
