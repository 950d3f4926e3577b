import { t } from '@lingui/core/macro';
import { memo, useId } from 'react';
import { Link, useSearch } from 'wouter';
import { useAccount } from '../../domain/account.js';
import { formatCredits, formatSigned } from '../../ui/format.js';
import { localDate } from '../../ui/time.js';
import { Instant } from '../../ui/Instant.js';
import { activityRoomSearch } from './activity-search.js';
import { KindIcon } from './KindIcon.js';
import { causeWord } from './rows.js';
import type { ActivityRow } from './rows.js';
import styles from './ActivityRoom.module.css';

/** A movement: the thing first, then what happened to its credits, and what was left. A press shows why. */
export const ActivityItem = memo(function ActivityItem(props: {
  row: ActivityRow;
  isOpen: boolean;
  onOpen: () => void;
}) {
  const { row, isOpen, onOpen } = props;
  const { thing, what, change, entry } = row;
  const id = useId();
  const { kind, creditType, reservation, availableAfter } = entry;
  return (
    <li className={styles.item} data-entry={row.id} data-kind={kind}>
      <button type="button" className={styles.row} aria-expanded={isOpen} aria-controls={id} onClick={onOpen}>
        <span className={styles.icon}>
          <KindIcon kind={kind} />
        </span>
        <span className={styles.words}>
          <span className={styles.thing}>
            <bdi>{thing}</bdi> <span className={styles.what}>{what}</span>
          </span>
          <span className={styles.aside}>
            <Instant at={Date.parse(row.at)} />
            {reservation?.project != null && <bdi>{reservation.project}</bdi>}
            {reservation?.member != null && <bdi>{reservation.member}</bdi>}
            {creditType === 'SCAN' && <span>{t`Scan credits`}</span>}
          </span>
        </span>
        <span className={styles.figures}>
          <b>{change === 0 ? formatCredits(entry.amount) : formatSigned(change)}</b>
          <span>{t`${formatCredits(availableAfter)} left`}</span>
        </span>
      </button>
      <div id={id} hidden={!isOpen} className={styles.detail}>
        {isOpen && <Detail row={row} />}
      </div>
    </li>
  );
});

/** Why it is this amount, what else belongs to it, and how to come back to it. */
function Detail({ row }: { row: ActivityRow }) {
  const { entry, at, id } = row;
  const { details } = useAccount();
  const search = useSearch();
  const { reservation } = entry;
  const day = details === null ? null : localDate(Date.parse(at), details.timeZone);
  const here = { ...activityRoomSearch.defaults, entry: id, from: day, to: day };
  const whole = { ...activityRoomSearch.defaults, work: reservation?.id ?? null };
  return (
    <>
      <p>
        <bdi>{entry.explanation}</bdi>
      </p>
      {reservation !== null && (
        <ul className={styles.lines}>
          {reservation.lines.map(({ operation, quantity, unitCredits, credits }, index) => (
            <li key={`${operation.code} ${index + 1}`}>
              <bdi>{operation.name}</bdi>{' '}
              <span>{t`${formatCredits(quantity)} × ${formatCredits(unitCredits)} = ${formatCredits(credits)}`}</span>
            </li>
          ))}
        </ul>
      )}
      <dl className={styles.facts}>
        <Fact name={t`Cause`} value={causeWord(entry.cause)} />
        <Fact
          name={t`Left before and after`}
          value={`${formatCredits(entry.availableBefore)} → ${formatCredits(entry.availableAfter)}`}
        />
        <Fact name={t`On hold after`} value={formatCredits(entry.heldAfter)} />
        <Fact name={t`Done by`} value={entry.actor} />
        {reservation?.reference != null && <Fact name={t`Reference`} value={reservation.reference} />}
        <Fact name={t`Entry`} value={id} />
      </dl>
      <p className={styles.ways}>
        {reservation !== null && (
          <Link href={`/activity?${activityRoomSearch.write(search, whole)}`}>{t`Hold, use and what came back`}</Link>
        )}
        <Link href={`/activity?${activityRoomSearch.write(search, here)}`}>{t`Link to this row`}</Link>
      </p>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </div>
  );
}
