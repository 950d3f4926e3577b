import { useQuery } from '@apollo/client/react';
import { ListChecks } from 'lucide-react';
import { RecentEntriesDocument } from '../../gql/operations.js';
import type { EntryFieldsFragment } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import { formatAgo, formatInstant, formatUtc } from '../../ui/time.js';
import { Empty, Failed, Section, Skeleton } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { KindIcon } from './KindIcon.js';
import { changeOf, isFromHold, kindWord } from './kinds.js';
import styles from './RecentActivity.module.css';

const shown = 5;
const height = 440;

/**
 * The latest movements with their reasons, newest first.
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
    variables: { accountId, first: shown, after: null },
  });
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(version, 1_000, again);
  const entries = data?.account?.entries.edges.map((edge) => edge.node) ?? null;
  return (
    <Section id="activity-title" title="Recent activity">
      {entries === null ? (
        error === undefined ? (
          <Skeleton height={height} label="Reading the latest movements" />
        ) : (
          <Failed what="Recent activity" reason={error.message} onRetry={again} height={height} />
        )
      ) : entries.length === 0 ? (
        <Empty icon={<ListChecks size={20} />} title="Nothing has moved yet" height={220}>
          Every credit that is granted, held, spent or given back appears here with its reason.
        </Empty>
      ) : (
        <ol className={styles.list} data-activity>
          {entries.map((entry) => (
            <Movement key={entry.id} entry={entry} now={now} />
          ))}
        </ol>
      )}
    </Section>
  );
}

function Movement({ entry, now }: { entry: EntryFieldsFragment; now: number | null }) {
  const at = Date.parse(entry.at);
  return (
    <li className={styles.movement} data-kind={entry.kind}>
      <span className={styles.icon}>
        <KindIcon kind={entry.kind} />
      </span>
      <div className={styles.words}>
        <p className={styles.top}>
          <strong>{kindWord(entry.kind)}</strong>
          <span className={styles.change}>
            {changeOf(entry)} {entry.creditType === 'SCAN' ? 'scan' : ''} {isFromHold(entry) ? 'from hold' : ''}
          </span>
        </p>
        <p className={styles.why}>{entry.explanation}</p>
        <p className={styles.when}>
          <time dateTime={entry.at} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
            {now === null ? formatInstant(at) : formatAgo(at, now)}
          </time>
          <span>
            {formatCredits(entry.availableBefore)} → {formatCredits(entry.availableAfter)} available
          </span>
        </p>
      </div>
    </li>
  );
}
