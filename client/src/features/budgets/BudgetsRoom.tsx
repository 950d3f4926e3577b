import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { BudgetsDocument } from '../../gql/budgets.js';
import type { BudgetFieldsFragment } from '../../gql/budgets.js';
import { mayAdminister } from '../../domain/rights.js';
import { Page } from '../../ui/Page.js';
import { Part } from '../../ui/Part.js';
import type { Reading } from '../../ui/reading.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { messages } from '../../words/en/BudgetsRoom.po';
import { learn } from '../../words/words.js';
import { BudgetList } from './BudgetList.js';
import styles from './BudgetsRoom.module.css';

learn(messages);

/** What the viewer sees of an account's budgets. */
type Budgets = { viewerId: string; mayChange: boolean; budgets: readonly BudgetFieldsFragment[] };

/** What work may cost, and what is kept for some of it: as the viewer may see it, live. */
export default function BudgetsRoom() {
  const budgets = useBudgets();
  return (
    <Page shape="settings">
      <Part what={t`The budgets`} of={budgets} height={420} isCard>
        {({ budgets: all, ...viewer }) => (
          <>
            {!viewer.mayChange && (
              <p className={styles.why} data-read-only>
                {t`You see the budgets that name you or everybody. An owner of the account makes and changes them.`}
              </p>
            )}
            <BudgetList
              kind="cap"
              budgets={all.filter(({ setAside }) => !setAside)}
              again={budgets.again}
              {...viewer}
            />
            <BudgetList
              kind="setAside"
              budgets={all.filter(({ setAside }) => setAside)}
              again={budgets.again}
              {...viewer}
            />
          </>
        )}
      </Part>
    </Page>
  );
}

/** Read anew when credits have moved, and when a window has ended. */
function useBudgets(): Reading<Budgets> {
  const { accountId, standard, scan, now } = useAccount();
  const read = readingOf(
    useQuery(BudgetsDocument, { variables: { accountId } }),
    ({ viewer, account }) =>
      account && { viewerId: viewer.id, mayChange: mayAdminister(account), budgets: account.budgets },
  );
  const ended = (read.value?.budgets ?? []).filter(
    ({ resetsAt }) => resetsAt !== null && now !== null && Date.parse(resetsAt) <= now,
  );
  const moved =
    standard === null ? null : `${standard.version} ${scan?.version ?? 0} ${ended.map(({ id }) => id).join()}`;
  useOnChange(moved, 1_000, () => void read.again());
  return read;
}
