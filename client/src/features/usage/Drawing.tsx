import { t } from '@lingui/core/macro';
import { formatCredits } from '../../ui/format.js';
import { formatDate } from '../../ui/time.js';
import type { Chart } from './chart.js';
import styles from './DayBars.module.css';

/** The lines of the credits' scale with their numbers. */
export function Ticks({ chart: { ticks, margin, width, y } }: { chart: Chart }) {
  return ticks.map((tick) => (
    <g key={tick} className={styles.tick}>
      <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
      <text x={margin.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
        {formatCredits(tick)}
      </text>
    </g>
  ));
}

/** Where the current period began, when it did within the days. */
export function PeriodStart({ chart: { reset, width, height, margin, scale } }: { chart: Chart }) {
  if (reset === null) return null;
  const isLate = reset > width / 2;
  return (
    <g className={styles.reset}>
      <line x1={reset - 2} x2={reset - 2} y1={6} y2={height - margin.bottom} />
      <text x={isLate ? reset - 7 : reset + 3} y={14 * scale} textAnchor={isLate ? 'end' : 'start'}>
        {t`Period began`}
      </text>
    </g>
  );
}

/** Marks the day that is read. */
export function CursorBand({ chart: { x, margin, height }, cursor }: { chart: Chart; cursor: number }) {
  return (
    <rect
      className={styles.cursor}
      x={x.at(cursor) - (x.step - x.width) / 2}
      width={x.step}
      y={margin.top}
      height={Math.max(0, height - margin.bottom - margin.top)}
      data-cursor-band
    />
  );
}

/** A bar for each day; a day without credits has a line. */
export function Bars({ chart: { days, x, y }, cursor }: { chart: Chart; cursor: number | null }) {
  return days.map((day, index) => (
    <rect
      key={day.day}
      className={styles.bar}
      data-cursor={index === cursor ? '' : undefined}
      x={x.at(index)}
      width={x.width}
      y={day.credits === 0 ? y(0) - 1 : y(day.credits)}
      height={day.credits === 0 ? 1 : y(0) - y(day.credits)}
      rx={Math.min(3, x.width / 3)}
      data-none={day.credits === 0 ? '' : undefined}
    />
  ));
}

/** Dates below the bars, as many as have room, the last day's always. */
export function Dates({ chart: { days, x, height, labelEvery } }: { chart: Chart }) {
  return days.map((day, index) =>
    (days.length - 1 - index) % labelEvery === 0 ? (
      <text key={day.day} className={styles.label} x={x.at(index) + x.width / 2} y={height - 6} textAnchor="middle">
        {formatDate(day.day)}
      </text>
    ) : null,
  );
}
