import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { ListChecks } from 'lucide-react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { RecentEntriesDocument } from '../../gql/operations.js';
import { formatCredits, formatSigned } from '../../ui/format.js';
import { formatAgo, formatInstant, formatUtc } from '../../ui/time.js';
import { Choice } from '../../ui/Choice.js';
import { Empty, Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { useSearchOf } from '../../ui/useSearchOf.js';
import { activitySearch, creditTypes } from './filters.js';
import type { Credits } from './filters.js';
import { entriesRead, movementsOf, tellMovement } from './movements.js';
import type { Movement } from './movements.js';
import styles from './RecentActivity.module.css';

const shown = 5;
const height = 440;

const creditNames = (): Map<Credits, string> =>
  new Map([
    ['all', t`All credits`],
    ['standard', t`Credits`],
    ['scan', t`Scan credits`],
  ]);

function nothingOf(credits: Credits): string {
  switch (credits) {
    case 'all':
      return t`Nothing has moved yet`;
    case 'standard':
      return t`No movement of credits yet`;
    case 'scan':
      return t`No movement of scan credits yet`;
  }
}

/** What happened lately, with the reasons, newest first. */
export function RecentActivity() {
  const [{ credits }, choose] = useSearchOf(activitySearch);
  return (
    <Section
      id="activity-title"
      title={t`Recent activity`}
      aside={
        <Choice
          label={t`Of which credits`}
          names={creditNames()}
          value={credits}
          onChoose={(next) => choose({ credits: next })}
        />
      }
    >
      <Movements key={credits} credits={credits} />
    </Section>
  );
}

function Movements({ credits }: { credits: Credits }) {
  const { accountId, standard, stampedVersion, now } = useAccount();
  const version = standard?.version ?? null;
  // What was stamped at this version is all there is of it: nothing is asked twice.
  const [fetchPolicy] = useState<'cache-first' | 'cache-and-network'>(() =>
    version !== null && version === stampedVersion ? 'cache-first' : 'cache-and-network',
  );
  const variables = { accountId, first: entriesRead, after: null, creditType: creditTypes[credits] };
  const movements = readingOf(
    useQuery(RecentEntriesDocument, { variables, fetchPolicy }),
    (data) => data.account && movementsOf(data.account.entries.edges.map((edge) => edge.node)).slice(0, shown),
  );
  // A higher version means there is something new to read.
  useOnChange(version, 2_000, () => void movements.again());
  return (
    <Part
      what={t`Recent activity`}
      of={movements}
      height={height}
      isEmpty={(list) => list.length === 0}
      empty={
        <Empty icon={<ListChecks size={20} />} title={nothingOf(credits)} height={220}>
          {t`Every credit that is granted, held, spent or given back appears here with its reason.`}
        </Empty>
      }
    >
      {(list) => (
        <ol className={styles.list} data-activity>
          {list.map((movement) => (
            <Item key={movement.id} movement={movement} now={now} />
          ))}
        </ol>
      )}
    </Part>
  );
}

/** The thing first, then what happened to it and when; at the end the amount, and what was left after it. */
function Item({ movement, now }: { movement: Movement; now: number | null }) {
  const { entry } = movement;
  const { kind, word, change, held, returned, what } = tellMovement(movement);
  const at = Date.parse(entry.at);
  const after = formatCredits(entry.availableAfter);
  return (
    <li className={styles.movement} data-kind={kind}>
      <div className={styles.words}>
        <strong>
          <bdi>{what}</bdi>
        </strong>
        <p className={styles.detail}>
          <span>{word}</span>
          <time dateTime={entry.at} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
            {now === null ? formatInstant(at) : formatAgo(at, now)}
          </time>
          {held > 0 && kind === 'COMMIT' && <span>{t`${formatCredits(held)} still on hold`}</span>}
          {returned > 0 && <span>{t`${formatCredits(returned)} came back`}</span>}
        </p>
      </div>
      <p className={styles.amounts}>
        <strong>{kind === 'RESERVE' ? formatCredits(held) : formatSigned(change)}</strong>
        <span>{entry.creditType === 'SCAN' ? t`${after} scan credits left` : t`${after} left`}</span>
      </p>
    </li>
  );
}
