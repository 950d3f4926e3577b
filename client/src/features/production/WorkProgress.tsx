import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { RotateCw, X } from 'lucide-react';
import { useAccount } from '../../domain/account.js';
import type { ReservationFieldsFragment } from '../../gql/operations.js';
import { digits, formatCredits, formatPercent, textLocale } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Figures } from './Figures.js';
import { Strip } from './Strip.js';
import type { Generation, UnderWay } from './generation.js';
import type { useWork } from './GenerationProvider.js';
import styles from './WorkCard.module.css';

type WorkingProps = {
  generation: Extract<Generation, { step: 'working' }>;
  end: ReturnType<typeof useWork>['end'];
};

/** The work goes on: how far it is stands where the button was, what ends it stands below. */
export function Working({ generation, end }: WorkingProps) {
  const { isDemo } = useAccount();
  const { operation, startedAt, workMs } = generation;
  const [spentMs, setSpentMs] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSpentMs(performance.now() - startedAt), 100);
    return () => clearInterval(timer);
  }, [startedAt]);
  const percent = Math.min(99, Math.floor((100 * spentMs) / workMs));
  const left = Math.max(1, Math.ceil((workMs - spentMs) / 1_000));
  // The second half of a double click belongs to the press that began the work.
  const press =
    (outcome: Parameters<typeof end>[0]): ComponentProps<'button'>['onClick'] =>
    (event) => {
      if (event.detail <= 1) void end(outcome);
    };
  return (
    <Frame
      title={t`Generating: ${operation.name}`}
      reservation={generation.reservation}
      percent={percent}
      note={t`${formatPercent(percent)} · ${secondsInWords(left)} left`}
    >
      <div className={styles.below}>
        <Button onClick={press('CANCELED')}>
          <X size={16} aria-hidden="true" /> {t`Cancel`}
        </Button>
        {isDemo && (
          <div className={styles.demo} role="group" aria-label={t`Demo`}>
            <span aria-hidden="true">{t`Demo`}</span>
            <Button onClick={press('FAILED')}>{t`Make it fail`}</Button>
            <Button onClick={press('BLOCKED')}>{t`Block the result`}</Button>
          </div>
        )}
      </div>
    </Frame>
  );
}

/** Before and after the work: the server is asked to hold the credits, or to settle them. */
export function Settling({ generation }: { generation: Exclude<UnderWay, { step: 'working' }> }) {
  const { operation } = generation;
  switch (generation.step) {
    case 'reserving':
      return <Frame title={operation.name} reservation={null} percent={null} note={t`Putting on hold`} />;
    case 'finishing':
      return (
        <Frame
          title={t`${operation.name}: settling`}
          reservation={generation.reservation}
          percent={100}
          note={t`Settling the credits`}
        />
      );
    case 'unanswered':
      return (
        <Frame title={t`No answer yet`} reservation={null} percent={null} note={t`Waiting for the server`}>
          <p className={styles.words}>
            {generation.isWorthRepeating
              ? t`It starts as soon as the server answers. Asking again cannot charge you twice.`
              : generation.message}
          </p>
          <Again generation={generation} />
        </Frame>
      );
    case 'unsettled':
      return (
        <Frame
          title={generation.outcome === 'SUCCEEDED' ? t`${operation.name} is made` : t`${operation.name} has ended`}
          reservation={generation.reservation}
          percent={100}
          note={t`Waiting for the server`}
        >
          <p className={styles.words}>
            {generation.isWorthRepeating
              ? t`The work is done. Its credits are settled as soon as the server answers.`
              : generation.message}
          </p>
          <Again generation={generation} />
        </Frame>
      );
  }
}

function Again({ generation }: { generation: { isAsking: boolean; again: () => void } }) {
  return (
    <Button onClick={generation.again} aria-disabled={generation.isAsking}>
      <RotateCw size={16} aria-hidden="true" /> <span>{generation.isAsking ? t`Asking` : t`Try again`}</span>
    </Button>
  );
}

type FrameProps = {
  title: string;
  /** As the server has it; null before it has said. */
  reservation: ReservationFieldsFragment | null;
  percent: number | null;
  note: string;
  children?: ReactNode;
};

/** The shape of the quote, so that nothing changes place when the work begins. */
function Frame({ title, reservation, percent, note, children }: FrameProps) {
  return (
    <div className={styles.work} data-work>
      <h2>{title}</h2>
      <Figures
        rows={[
          { label: t`Cost`, value: shown(reservation?.reserved) },
          { label: t`On hold`, value: shown(reservation?.held) },
          { label: t`Used so far`, value: shown(reservation?.committed) },
        ]}
      />
      <Strip>
        <div className={styles.progress}>
          <progress aria-label={t`Progress`} {...(percent === null ? {} : { max: 100, value: percent })} />
          <p>{note}</p>
        </div>
      </Strip>
      {children}
    </div>
  );
}

const shown = (credits: number | undefined): string => (credits === undefined ? '…' : formatCredits(credits));

function secondsInWords(seconds: number): string {
  return new Intl.NumberFormat(textLocale, { ...digits, style: 'unit', unit: 'second', unitDisplay: 'long' }).format(
    seconds,
  );
}
