import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { WhoMay } from '../../domain/WhoMay.js';
import { MailPreferencesDocument } from '../../gql/warnings.js';
import { Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { MailForm } from './MailForm.js';
import styles from './Levels.module.css';

/** Who gets mails, and which. They are asked for only by those who may see them. */
export function Mails({ mayChange }: { mayChange: boolean }) {
  return (
    <Section id="mails-title" title={t`E-mail`}>
      {mayChange ? (
        <Preferences />
      ) : (
        <p className={styles.who}>
          <span>{t`Where mails about this account go is seen by its owners only.`}</span> <WhoMay />
        </p>
      )}
    </Section>
  );
}

function Preferences() {
  const { accountId } = useAccount();
  const read = readingOf(
    useQuery(MailPreferencesDocument, { variables: { accountId } }),
    ({ account }) => account?.emailPreferences,
  );
  return (
    <Part what={t`The mails`} of={read} height={240}>
      {(preferences) => <MailForm preferences={preferences} />}
    </Part>
  );
}
