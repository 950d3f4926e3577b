import { t } from '@lingui/core/macro';
import { basePath } from '../../ui/basePath.js';
import { Section } from '../../ui/Section.js';
import styles from './Developers.module.css';

/** Where a program asks, how it signs in, and about which account. */
export function Start({ accountId }: { accountId: string }) {
  const secret = t`the secret of a key`;
  return (
    <Section id="start-title" title={t`Where a program asks`}>
      <p
        className={styles.why}
      >{t`One address for everything, in GraphQL. The schema tells what each field means and which errors it may answer.`}</p>
      <dl className={styles.start} data-start>
        <div>
          <dt>{t`Address`}</dt>
          <dd>
            <code>{`${location.origin}${basePath}/graphql`}</code>
          </dd>
        </div>
        <div>
          <dt>{t`Authorization header`}</dt>
          <dd>
            <code>{`Bearer ${secret}`}</code>
          </dd>
        </div>
        <div>
          <dt>{t`This account`}</dt>
          <dd>
            <code>{accountId}</code>
          </dd>
        </div>
      </dl>
    </Section>
  );
}
