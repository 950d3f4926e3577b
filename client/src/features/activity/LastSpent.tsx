import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { RecentEntriesDocument } from '../../gql/operations.js';
import type { EntryFieldsFragment } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import { formatAgo } from '../../ui/time.js';
import { Part } from '../../ui/Part.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { movementsOf, tellMovement } from './movements.js';
import styles from './LastSpent.module.css';

const read = 30;
const shown = 3;

/** The last few spends, for a glance. */
export default function LastSpent() {
  const { accountId, now, standard } = useAccount();
  const spent = readingOf(
    useQuery(RecentEntriesDocument, {
      variables: { accountId, first: read, after: null, creditType: null },
      fetchPolicy: 'network-only',
    }),
    (data) => data.account && spentOf(data.account.entries.edges.map((edge) => edge.node)),
  );
  // Spent in this period; a new value means there is something new to read.
  useOnChange(standard?.used ?? null, 1_000, () => void spent.again());
  return (
    <Part
      what={t`The last spends`}
      of={spent}
      height={66}
      isEmpty={(list) => list.length === 0}
      empty={<p className={styles.none}>{t`Nothing spent lately.`}</p>}
    >
      {(list) => (
        <ol className={styles.list}>
          {list.map(({ id, at, change, what }) => (
            <li key={id}>
              <b>{formatCredits(-change)}</b>
              <span>{what}</span>
              {now !== null && <time dateTime={at}>{formatAgo(Date.parse(at), now)}</time>}
            </li>
          ))}
        </ol>
      )}
    </Part>
  );
}

function spentOf(entries: readonly EntryFieldsFragment[]) {
  return movementsOf(entries)
    .map((movement) => ({ ...tellMovement(movement), id: movement.id, at: movement.entry.at }))
    .filter((told) => told.kind === 'COMMIT')
    .slice(0, shown);
}
