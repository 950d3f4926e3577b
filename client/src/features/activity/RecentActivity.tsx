import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { ListChecks } from 'lucide-react';
import { messageOf } from '../../apollo/retry.js';
import { RecentEntriesDocument } from '../../gql/operations.js';
import { formatCredits, formatSigned } from '../../ui/format.js';
import { formatAgo, formatInstant, formatUtc } from '../../ui/time.js';
import { Empty, Failed, Section, Skeleton } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { KindIcon } from './KindIcon.js';
import { entriesRead, movementsOf, tellMovement } from './movements.js';
import type { Movement } from './movements.js';
import styles from './RecentActivity.module.css';

const shown = 5;
const height = 440;

/**
 * What happened lately, with the reasons, newest first.
 *
 * @param version  the account's version; a higher one means there is something new to read
 * @param stampedVersion  that of the movements the server stamped into the page
 */
export function RecentActivity({
  accountId,
  version,
  stampedVersion,
  now,
}: {
  accountId: string;
  version: number | null;
  stampedVersion: number | null;
  now: number | null;
}) {
  // What was stamped at this version is all there is of it: nothing is asked twice.
  const [fetchPolicy] = useState<'cache-first' | 'cache-and-network'>(() =>
    version !== null && version === stampedVersion ? 'cache-first' : 'cache-and-network',
  );
  const { data, error, refetch } = useQuery(RecentEntriesDocument, {
    variables: { accountId, first: entriesRead, after: null },
    fetchPolicy,
  });
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(version, 2_000, again);
  const entries = data?.account?.entries.edges.map((edge) => edge.node) ?? null;
  const movements = entries === null ? null : movementsOf(entries).slice(0, shown);
  return (
    <Section id="activity-title" title="Recent activity">
      {movements === null ? (
        error === undefined ? (
          <Skeleton height={height} label="Reading the latest movements" />
        ) : (
          <Failed what="Recent activity" reason={messageOf(error)} onRetry={again} height={height} />
        )
      ) : movements.length === 0 ? (
        <Empty icon={<ListChecks size={20} />} title="Nothing has moved yet" height={220}>
          Every credit that is granted, held, spent or given back appears here with its reason.
        </Empty>
      ) : (
        <ol className={styles.list} data-activity>
          {movements.map((movement) => (
            <Item key={movement.id} movement={movement} now={now} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function Item({ movement, now }: { movement: Movement; now: number | null }) {
  const { entry } = movement;
  const { kind, word, change, held, returned, what } = tellMovement(movement);
  const at = Date.parse(entry.at);
  return (
    <li className={styles.movement} data-kind={kind}>
      <span className={styles.icon}>
        <KindIcon kind={kind} />
      </span>
      <div className={styles.words}>
        <p className={styles.top}>
          <strong>{word}</strong>
          <span className={styles.change}>{kind === 'RESERVE' ? formatCredits(held) : formatSigned(change)}</span>
        </p>
        <p className={styles.why}>
          <bdi>{what}</bdi>
        </p>
        <p className={styles.when}>
          <time dateTime={entry.at} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
            {now === null ? formatInstant(at) : formatAgo(at, now)}
          </time>
          {entry.creditType === 'SCAN' && <span>Scan credits</span>}
          {held > 0 && kind === 'COMMIT' && <span>{`${formatCredits(held)} still on hold`}</span>}
          {returned > 0 && <span>{`${formatCredits(returned)} given back`}</span>}
        </p>
      </div>
    </li>
  );
}
