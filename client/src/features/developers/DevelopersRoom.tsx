import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { shareOf, useAccount } from '../../domain/account.js';
import { mayAdminister } from '../../domain/rights.js';
import { WhoMay } from '../../domain/WhoMay.js';
import { DeveloperRightsDocument } from '../../gql/developers.js';
import { Page } from '../../ui/Page.js';
import { Part } from '../../ui/Part.js';
import { both } from '../../ui/reading.js';
import { Section } from '../../ui/Section.js';
import { messages } from '../../words/en/DevelopersRoom.po';
import { learn } from '../../words/words.js';
import { Keys } from './Keys.js';
import { Start } from './Start.js';
import styles from './Developers.module.css';

learn(messages);

/** What programs need: keys, and where to send the first question. Keys are asked for only by those who may see them. */
export default function DevelopersRoom() {
  const account = useAccount();
  const { accountId, details } = account;
  const rights = readingOf(
    useQuery(DeveloperRightsDocument, { variables: { accountId } }),
    ({ account: read }) => read,
  );
  return (
    <Page shape="settings">
      <Part what={t`What you may do here`} of={both(shareOf(account, details), rights)} height={320}>
        {([{ sandbox }, read]) => (
          <>
            <Section id="keys-title" title={t`API keys`}>
              <p className={styles.why}>
                {sandbox
                  ? t`A program signs in with a key. This is a sandbox account: its keys see sandbox accounts only and no money is ever moved.`
                  : t`A program signs in with a key. This is a live account: what its keys use is real.`}
              </p>
              {mayAdminister(read) ? (
                <Keys scopes={read.viewerScopes} />
              ) : (
                <p className={styles.why} data-read-only>
                  <span>{t`Keys are seen and made by owners only.`}</span> <WhoMay />
                </p>
              )}
            </Section>
            <Start accountId={accountId} />
          </>
        )}
      </Part>
    </Page>
  );
}
