import { t } from '@lingui/core/macro';
import type { AccountDetails } from '../../domain/account.js';
import { Section } from '../../ui/Section.js';
import styles from './Help.module.css';

type Props = {
  /** By the server's configuration; null: it names nobody. */
  address: string | null;
  account: AccountDetails;
};

/** Whom to ask: a mail that says already which account it is about. */
export function Support({ address, account: { id, name, plan } }: Props) {
  const subject = t`Credits of ${name} (${id})`;
  const body = t`Account: ${name}, plan ${plan.name}, ${id}`;
  const mail = `mailto:${address ?? ''}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(`${body}\n\n`)}`;
  return (
    <Section id="support-title" title={t`Not answered?`}>
      <div className={styles.support} data-support>
        {address === null ? (
          <p>{t`This server names no address for questions. Ask whoever runs your platform, and name this account:`}</p>
        ) : (
          <p>
            <span>{t`Write to`}</span> <a href={mail}>{address}</a>
            <span>{t`. The mail names this account:`}</span>
          </p>
        )}
        <p className={styles.id}>
          <bdi>{name}</bdi> <code>{id}</code>
        </p>
      </div>
    </Section>
  );
}
