import { t } from '@lingui/core/macro';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { useMutation } from '@apollo/client/react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { nameOf } from '../../domain/work.js';
import { ReleaseDocument } from '../../gql/operations.js';
import type { ReservationFieldsFragment } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { creditsInWords } from '../../ui/format.js';
import { formatAgo, formatInstant, formatRemaining, formatUtc } from '../../ui/time.js';
import { Button } from '../../ui/Button.js';
import { State } from '../../ui/State.js';
import { TypeIcon } from './Picker.js';
import { fateInWords } from './generations.js';
import { inProgressMs, seenSince } from './holdAge.js';
import styles from './RecentGenerations.module.css';

type Props = {
  reservation: ReservationFieldsFragment;
  now: number | null;
  isOwn: boolean;
  /** The row leaves the list with the focus in it. */
  onGone: () => void;
};

/** One piece of work: what it was, when, and what became of its credits. */
export function Generated({ reservation, now, isOwn, onGone }: Props) {
  const isHeld = reservation.status === 'HELD';
  const isLeftBehind = useIsLeftBehind(reservation, now);
  const row = useRef<HTMLLIElement>(null);
  const gone = useEffectEvent(onGone);
  useLayoutEffect(() => {
    const element = row.current;
    return () => {
      if (element?.contains(document.activeElement) === true) gone();
    };
  }, []);
  const { giveBack, problem } = useGiveBack(reservation, () => row.current?.focus());
  const [line] = reservation.lines;
  const at = Date.parse(reservation.createdAt);
  return (
    <li ref={row} tabIndex={-1} className={styles.item} data-status={reservation.status}>
      <span className={styles.icon}>{line !== undefined && <TypeIcon type={line.operation.type} size={17} />}</span>
      <div className={styles.words}>
        <strong>{nameOf(reservation)}</strong>
        <span className={styles.times}>
          <time dateTime={reservation.createdAt} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
            {now === null ? formatInstant(at) : formatAgo(at, now)}
          </time>
          {isHeld && <Ends at={Date.parse(reservation.expiresAt)} now={now} />}
        </span>
        {problem !== null && <p role="alert">{problem}</p>}
      </div>
      <span className={styles.fate}>{fateInWords(reservation)}</span>
      {isHeld &&
        (isOwn || !isLeftBehind ? (
          <State shape="ring">{isOwn ? t`In progress` : t`In another window`}</State>
        ) : (
          <Button onClick={() => void giveBack()} className={styles.release}>
            {t`Give back`}
          </Button>
        ))}
    </li>
  );
}

/** A hold ends by itself, on the account's clock; its credits then come back. */
function Ends({ at, now }: { at: number; now: number | null }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
      {now === null ? t`ends ${formatInstant(at)}` : t`ends by itself in ${formatRemaining(at - now)}`}
    </time>
  );
}

/** Whether the hold is older than its work can take; looks again when that time has come. */
function useIsLeftBehind(reservation: ReservationFieldsFragment, now: number | null): boolean {
  const [seenAt] = useState(() => seenSince(reservation.id, performance.now()));
  const [, look] = useState(0);
  const leftMs = inProgressMs(reservation, now, performance.now() - seenAt);
  const isOpen = reservation.status === 'HELD' && leftMs > 0;
  const remaining = useEffectEvent(() => leftMs);
  useEffect(() => {
    if (!isOpen) return;
    const timer = setTimeout(() => look((count) => count + 1), remaining() + 50);
    return () => clearTimeout(timer);
  }, [isOpen]);
  return leftMs === 0;
}

/** Gives a hold's credits back, under one key for all tries. */
function useGiveBack(reservation: ReservationFieldsFragment, onDone: () => void) {
  const [release] = useMutation(ReleaseDocument);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [problem, setProblem] = useState<string | null>(null);
  const announcer = useAnnouncer();
  const giveBack = async (): Promise<void> => {
    setProblem(null);
    try {
      const { data } = await untilAnswered(() =>
        release({ variables: { input: { reservationId: reservation.id, idempotencyKey } } }),
      );
      const result = data?.releaseReservation;
      if (result?.__typename === 'ReservationReceipt')
        announcer.now(t`${creditsInWords(result.reservation.released)} given back.`);
      else if (result?.__typename === 'ReservationClosed')
        announcer.now(t`${nameOf(result.reservation)} had ended before: ${fateInWords(result.reservation)}.`);
      else {
        setProblem(result?.message ?? t`The server gave no answer.`);
        return;
      }
      onDone();
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return { giveBack, problem };
}
