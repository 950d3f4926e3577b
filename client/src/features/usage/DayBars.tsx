import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { formatDate } from '../../ui/time.js';
import type { Day } from './days.js';
import { bands, wholeTicks } from './scale.js';
import styles from './DayBars.module.css';

/** The room around the bars, in px, for text of the usual size. */
const room = { top: 24, right: 18, bottom: 26, left: 38 };

/** How much larger than usual the viewer wants text. */
const textScale = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/** The size of an element, followed. */
function useSize(): [React.RefObject<HTMLDivElement | null>, { width: number; height: number }] {
  const element = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    if (element.current === null) return;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setSize({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, size];
}

/** "Sun 22 November: 35 credits for 2 operations"; empty without a day. */
function readingOf(day: Day | null): string {
  if (day === null) return '';
  const operations = `${formatCredits(day.operations)} ${day.operations === 1 ? 'operation' : 'operations'}`;
  return `${formatDate(day.day, { weekday: 'short', day: 'numeric', month: 'long' })}: ${creditsInWords(day.credits)} for ${operations}`;
}

/**
 * A bar a day: a slider over the days. The arrow keys, Home and End move its cursor; what it stands on is read below the chart.
 *
 * As high as its place: the chart fills what its card has.
 *
 * @param resetDay  the first day of the current period, marked when it is among the days
 * @param note  stands below while no day is read
 */
export function DayBars({ days, resetDay, note }: { days: readonly Day[]; resetDay: string; note: string }) {
  const [element, { width, height }] = useSize();
  const [cursor, setCursor] = useState<number | null>(null);
  const [scale] = useState(textScale);
  const margin = {
    top: room.top * scale,
    right: room.right * scale,
    bottom: room.bottom * scale,
    left: room.left * scale,
  };
  const x = bands(days.length, margin.left, Math.max(margin.left + 1, width - margin.right));
  const ticks = wholeTicks(Math.max(0, ...days.map((day) => day.credits)), 4);
  const floor = height - margin.bottom;
  const y = (credits: number): number => floor - ((floor - margin.top) * credits) / (ticks.at(-1) ?? 1);
  const labelEvery = Math.max(1, Math.ceil(days.length / Math.max(2, Math.floor(width / (92 * scale)))));
  const at = cursor === null ? null : (days[cursor] ?? null);
  const resetIndex = days.findIndex(({ day }) => day === resetDay);
  const reset = resetIndex === -1 ? null : x.at(resetIndex);
  const isLate = reset !== null && reset > width / 2;

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = days.length - 1;
    const from = cursor ?? last + 1;
    const to = { ArrowLeft: from - 1, ArrowRight: Math.min(from + 1, last), Home: 0, End: last }[event.key];
    if (event.key === 'Escape') setCursor(null);
    if (to === undefined) return;
    event.preventDefault();
    setCursor(Math.max(0, Math.min(last, to)));
  };
  const onPointerMove = (event: PointerEvent<SVGSVGElement>): void => {
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left - margin.left;
    const index = Math.floor(left / x.step);
    setCursor(index >= 0 && index < days.length ? index : null);
  };

  return (
    <figure className={styles.figure}>
      <div ref={element} className={styles.frame}>
        {width > 0 && height > 0 && (
          <svg
            width={width}
            height={height}
            role="slider"
            aria-label={`Credits spent by day, ${formatDate(days[0]?.day ?? resetDay)} to ${formatDate(days.at(-1)?.day ?? resetDay)}`}
            aria-valuemin={1}
            aria-valuemax={days.length}
            aria-valuenow={(cursor ?? days.length - 1) + 1}
            aria-valuetext={readingOf(at ?? days.at(-1) ?? null)}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onPointerMove={onPointerMove}
            onPointerLeave={() => setCursor(null)}
            onBlur={() => setCursor(null)}
          >
            {ticks.map((tick) => (
              <g key={tick} className={styles.tick}>
                <line x1={margin.left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} />
                <text x={margin.left - 8} y={y(tick)} dy="0.32em" textAnchor="end">
                  {formatCredits(tick)}
                </text>
              </g>
            ))}
            {reset !== null && (
              <g className={styles.reset}>
                <line x1={reset - 2} x2={reset - 2} y1={6} y2={height - margin.bottom} />
                <text x={isLate ? reset - 7 : reset + 3} y={14 * scale} textAnchor={isLate ? 'end' : 'start'}>
                  Period began
                </text>
              </g>
            )}
            {cursor !== null && at !== null && (
              <rect
                className={styles.cursor}
                x={x.at(cursor) - (x.step - x.width) / 2}
                width={x.step}
                y={margin.top}
                height={Math.max(0, height - margin.bottom - margin.top)}
                data-cursor-band
              />
            )}
            {days.map((day, index) => (
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
            ))}
            {days.map((day, index) =>
              (days.length - 1 - index) % labelEvery === 0 ? (
                <text
                  key={day.day}
                  className={styles.label}
                  x={x.at(index) + x.width / 2}
                  y={height - 6}
                  textAnchor="middle"
                >
                  {formatDate(day.day)}
                </text>
              ) : null,
            )}
          </svg>
        )}
      </div>
      <figcaption className={styles.reading} data-day={at === null ? undefined : at.day}>
        {at === null ? note : readingOf(at)}
      </figcaption>
    </figure>
  );
}
