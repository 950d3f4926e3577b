import { useQuery } from '@apollo/client/react';
import { ListChecks } from 'lucide-react';
import { RecentEntriesDocument } from '../../gql/operations.js';
import { formatCredits, formatSigned } from '../../ui/format.js';
import { formatAgo, formatInstant, formatUtc } from '../../ui/time.js';
import { Empty, Failed, Section, Skeleton } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { KindIcon } from './KindIcon.js';
import { movementWord, movementsOf } from './movements.js';
import type { Movement } from './movements.js';
import styles from './RecentActivity.module.css';

const read = 20;
const shown = 5;
const height = 440;

/**
 * What happened lately, with the reasons, newest first.
 *
 * @param version  the account's version; a higher one means there is something new to read
 */
export function RecentActivity({
  accountId,
  version,
  now,
}: {
  accountId: string;
  version: number | null;
  now: number | null;
}) {
  const { data, error, refetch } = useQuery(RecentEntriesDocument, {
    variables: { accountId, first: read, after: null },
  });
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(version, 1_000, again);
  const entries = data?.account?.entries.edges.map((edge) => edge.node) ?? null;
  const movements = entries === null ? null : movementsOf(entries).slice(0, shown);
  return (
    <Section id="activity-title" title="Recent activity">
      {movements === null ? (
        error === undefined ? (
          <Skeleton height={height} label="Reading the latest movements" />
        ) : (
          <Failed what="Recent activity" reason={error.message} onRetry={again} height={height} />
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
  const { entry, change, availableAfter, held, parts } = movement;
  const at = Date.parse(entry.at);
  return (
    <li className={styles.movement} data-kind={entry.kind}>
      <span className={styles.icon}>
        <KindIcon kind={entry.kind} />
      </span>
      <div className={styles.words}>
        <p className={styles.top}>
          <strong>
            {movementWord(movement)}
            {parts > 1 && ` in ${formatCredits(parts)} parts`}
          </strong>
          <span className={styles.change}>{formatSigned(change)}</span>
        </p>
        <p className={styles.why}>{entry.explanation}</p>
        <p className={styles.when}>
          <time dateTime={entry.at} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
            {now === null ? formatInstant(at) : formatAgo(at, now)}
          </time>
          {held > 0 && entry.kind !== 'RESERVE' && <span>{formatCredits(held)} on hold</span>}
          <span>
            {formatCredits(availableAfter)} {entry.creditType === 'SCAN' ? 'scan credits left' : 'available'}
          </span>
        </p>
      </div>
    </li>
  );
}
