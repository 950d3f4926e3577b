import { useQuery } from '@apollo/client/react';
import { RecentEntriesDocument } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import { formatAgo } from '../../ui/time.js';
import { Failed, Skeleton } from '../../ui/Section.js';
import styles from './LastSpent.module.css';

const read = 30;
const shown = 3;

/** The last few spends, for a glance. */
export function LastSpent({ accountId, now }: { accountId: string; now: number | null }) {
  const { data, error, refetch } = useQuery(RecentEntriesDocument, {
    variables: { accountId, first: read, after: null },
    fetchPolicy: 'network-only',
  });
  if (data === undefined) {
    if (error === undefined) return <Skeleton height={66} label="Reading the last spends" />;
    return <Failed what="The last spends" onRetry={() => void refetch().catch(() => undefined)} />;
  }
  const spent = (data.account?.entries.edges ?? [])
    .filter((edge) => edge.node.kind === 'COMMIT' && edge.node.amount > 0)
    .slice(0, shown);
  if (spent.length === 0) return <p className={styles.none}>Nothing spent lately.</p>;
  return (
    <ol className={styles.list}>
      {spent.map(({ node }) => (
        <li key={node.id}>
          <b>{formatCredits(node.amount)}</b>
          <span>{node.explanation}</span>
          {now !== null && <time dateTime={node.at}>{formatAgo(Date.parse(node.at), now)}</time>}
        </li>
      ))}
    </ol>
  );
}
