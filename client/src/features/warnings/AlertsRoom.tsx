import { useQuery } from '@apollo/client/react';
import { t } from '@lingui/core/macro';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { mayAdminister } from '../../domain/rights.js';
import { LevelsDocument } from '../../gql/warnings.js';
import { Page } from '../../ui/Page.js';
import { Part } from '../../ui/Part.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { messages } from '../../words/en/AlertsRoom.po';
import { learn } from '../../words/words.js';
import { History } from './History.js';
import { Levels } from './Levels.js';
import { Mails } from './Mails.js';

learn(messages);

/** When one is warned and how, and everything that happened, with what was done about it. */
export default function AlertsRoom() {
  const { accountId, standard, scan } = useAccount();
  const levels = readingOf(useQuery(LevelsDocument, { variables: { accountId } }), ({ account }) => account);
  useOnChange(standard === null ? null : `${standard.version} ${scan?.version ?? 0}`, 1_000, () => void levels.again());
  return (
    <Page shape="settings">
      <History />
      <Part what={t`The levels`} of={levels} height={360}>
        {(account) => (
          <>
            <Levels rules={account.lowBalanceLevels} mayChange={mayAdminister(account)} again={levels.again} />
            <Mails mayChange={mayAdminister(account)} />
          </>
        )}
      </Part>
    </Page>
  );
}
