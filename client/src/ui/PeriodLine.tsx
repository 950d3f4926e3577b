import type { ReactNode } from 'react';
import styles from './PeriodLine.module.css';

type Props = {
  /** The first instant of the period and the first after it, ms. */
  start: number;
  end: number;
  now: number;
  /** When credits run out at the present pace, and the span in which they may; left out: not before the end. */
  runsOut?: number;
  band?: { from: number; to: number };
  /** The same in words, for those who hear it. */
  label: string;
  /** Below the line: at its start, at today, at its end. */
  captions: readonly [ReactNode, ReactNode, ReactNode];
};

/** How far the period is, as wide as the strip above it: a strip that ends before today's mark is spent faster than time. */
export function PeriodLine({ start, end, now, runsOut, band, label, captions }: Props) {
  const at = (instant: number): string =>
    `${100 * Math.min(1, Math.max(0, (instant - start) / Math.max(1, end - start)))}%`;
  return (
    <div className={styles.period}>
      <div className={styles.line} role="img" aria-label={label}>
        <span className={styles.gone} style={{ width: at(now) }} />
        {band !== undefined && (
          <span
            className={styles.band}
            style={{ left: at(band.from), width: `calc(${at(band.to)} - ${at(band.from)})` }}
          />
        )}
        {runsOut !== undefined && <span className={styles.runsOut} style={{ left: at(runsOut) }} />}
        <span className={styles.now} style={{ left: at(now) }} />
      </div>
      <div className={styles.captions}>
        <span>{captions[0]}</span>
        <span className={styles.today}>{captions[1]}</span>
        <span className={styles.end}>{captions[2]}</span>
      </div>
    </div>
  );
}
