import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { shareOf, useAccount } from '../../domain/account.js';
import { HelpFactsDocument } from '../../gql/help.js';
import type { HelpFactsQuery } from '../../gql/help.js';
import { Page } from '../../ui/Page.js';
import { Part } from '../../ui/Part.js';
import { both } from '../../ui/reading.js';
import type { Reading } from '../../ui/reading.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { messages } from '../../words/en/HelpRoom.po';
import { learn } from '../../words/words.js';
import { Questions } from './Questions.js';
import { Support } from './Support.js';

learn(messages);

/** What people ask about credits, answered from what is sold now and with what this account has. */
export default function HelpRoom() {
  const account = useAccount();
  const { details, standard } = account;
  const own = shareOf(account, details === null || standard === null ? null : { details, standard });
  const facts = useFacts();
  return (
    <Page
      shape="settings"
      aside={
        <Part what={t`Whom to ask`} of={both(own, facts)} height={120}>
          {([{ details: shown }, { supportAddress }]) => <Support address={supportAddress} account={shown} />}
        </Part>
      }
    >
      <Part what={t`The answers`} of={both(own, facts)} height={480}>
        {([{ details: shown, standard: balance }, read]) => (
          <Questions facts={read} details={shown} balance={balance} />
        )}
      </Part>
    </Page>
  );
}

/** Read anew when credits have moved: the answers name them. */
function useFacts(): Reading<HelpFactsQuery> {
  const { accountId, details, standard } = useAccount();
  const variables = { accountId, sandbox: details?.sandbox ?? false };
  const facts = readingOf(useQuery(HelpFactsDocument, { variables, skip: details === null }), (data) => data);
  useOnChange(standard?.version ?? null, 2_000, () => void facts.again());
  return facts;
}
