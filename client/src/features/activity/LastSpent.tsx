import { useQuery } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { RecentEntriesDocument } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import { formatAgo } from '../../ui/time.js';
import { Failed, Skeleton } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { movementsOf, tellMovement } from './movements.js';
import styles from './LastSpent.module.css';

const read = 30;
const shown = 3;

/**
 * The last few spends, for a glance.
 *
 * @param used  spent in this period; a new value means there is something new to read
 */
export function LastSpent({ accountId, now, used }: { accountId: string; now: number | null; used: number | null }) {
  const { data, error, refetch } = useQuery(RecentEntriesDocument, {
    variables: { accountId, first: read, after: null },
    fetchPolicy: 'network-only',
  });
  useOnChange(used, 1_000, () => void refetch().catch(() => undefined));
  if (data === undefined) {
    if (error === undefined) return <Skeleton height={66} label="Reading the last spends" />;
    return (
      <Failed what="The last spends" reason={messageOf(error)} onRetry={() => void refetch().catch(() => undefined)} />
    );
  }
  const entries = data.account?.entries.edges.map((edge) => edge.node) ?? [];
  const spent = movementsOf(entries)
    .map((movement) => ({ ...tellMovement(movement), id: movement.id, at: movement.entry.at }))
    .filter((told) => told.kind === 'COMMIT')
    .slice(0, shown);
  if (spent.length === 0) return <p className={styles.none}>Nothing spent lately.</p>;
  return (
    <ol className={styles.list}>
      {spent.map(({ id, at, change, what }) => (
        <li key={id}>
          <b>{formatCredits(-change)}</b>
          <span>{what}</span>
          {now !== null && <time dateTime={at}>{formatAgo(Date.parse(at), now)}</time>}
        </li>
      ))}
    </ol>
  );
}
