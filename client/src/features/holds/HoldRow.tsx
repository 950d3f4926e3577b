import { t } from '@lingui/core/macro';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { creditsOfInWords } from '../../domain/balance.js';
import { nameOf } from '../../domain/work.js';
import { Button } from '../../ui/Button.js';
import { formatAgo, formatInstant, formatTime, formatUtc, localDate } from '../../ui/time.js';
import { useWaiting } from '../../ui/waiting.js';
import type { Hold } from './open-holds.js';
import { useGiveBack } from './useGiveBack.js';
import styles from './InFlight.module.css';

type Props = {
  hold: Hold;
  /** On the account's clock; null until it is known. */
  now: number | null;
  /** The row leaves the list with the focus in it. */
  onGone: () => void;
};

/** One open hold: its work, since when, when its credits come back by themselves, and how to have them back now. */
export function HoldRow({ hold, now, onGone }: Props) {
  const row = useRef<HTMLLIElement>(null);
  const gone = useEffectEvent(onGone);
  useLayoutEffect(() => {
    const element = row.current;
    return () => {
      if (element?.contains(document.activeElement) === true) gone();
    };
  }, []);
  const at = Date.parse(hold.createdAt);
  return (
    <li ref={row} className={styles.row} data-hold={hold.id}>
      <div className={styles.words}>
        <strong>{nameOf(hold)}</strong>
        <span className={styles.times}>
          <time dateTime={hold.createdAt} title={`${formatInstant(at)} · ${formatUtc(at)}`}>
            {now === null ? formatInstant(at) : formatAgo(at, now)}
          </time>
          <ComesBack at={Date.parse(hold.expiresAt)} now={now} />
        </span>
      </div>
      <span className={styles.amount}>{t`${creditsOfInWords(hold.held, hold.creditType)} on hold`}</span>
      {hold.mayClose && <GiveBack hold={hold} />}
    </li>
  );
}

/** When a hold ends by itself, on the account's clock; with the day where that is not today. */
function ComesBack({ at, now }: { at: number; now: number | null }) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const isToday = now !== null && localDate(at, timeZone) === localDate(now, timeZone);
  return (
    <time dateTime={new Date(at).toISOString()} title={`${formatInstant(at)} · ${formatUtc(at)}`} data-comes-back>
      {isToday ? t`comes back at ${formatTime(at)}` : t`comes back on ${formatInstant(at)}`}
    </time>
  );
}

/** Asks once more before work that goes on somewhere loses its credits. */
function GiveBack({ hold }: { hold: Hold }) {
  const { giveBack, problem, isAsking } = useGiveBack(hold);
  const [isSure, setIsSure] = useState(false);
  const waiting = useWaiting();
  const first = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setIsSure(false);
    requestAnimationFrame(() => first.current?.focus());
  };
  const question = useRef<HTMLDivElement>(null);
  const leave = useEffectEvent(close);
  useEffect(() => {
    const element = question.current;
    if (!isSure || element === null) return;
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') leave();
    };
    element.addEventListener('keydown', onKey);
    element.querySelector('button')?.focus();
    return () => element.removeEventListener('keydown', onKey);
  }, [isSure]);
  const name = nameOf(hold);
  const amount = creditsOfInWords(hold.held, hold.creditType);
  if (!isSure)
    return (
      <Button
        ref={first}
        tone="quiet"
        onClick={() => setIsSure(true)}
        aria-label={t`Give back: ${name}, ${amount}`}
        aria-disabled={waiting !== null}
        title={waiting ?? undefined}
      >
        {t`Give back`}
      </Button>
    );
  return (
    <div ref={question} className={styles.sure} role="group" aria-label={t`Give back: ${name}, ${amount}`}>
      <p>{t`If this work is still going on, it ends without a charge.`}</p>
      <Button onClick={() => void giveBack()} aria-disabled={isAsking || waiting !== null}>
        {t`Give back ${amount}`}
      </Button>
      <Button tone="quiet" onClick={close}>
        {t`Leave it`}
      </Button>
      {problem !== null && <p role="alert">{problem}</p>}
    </div>
  );
}
