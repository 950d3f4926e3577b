import { plural, t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { formatDate } from '../../ui/time.js';
import { layOut } from './chart.js';
import type { Day } from './days.js';
import { Bars, CursorBand, Dates, PeriodStart, Ticks } from './Drawing.js';
import styles from './DayBars.module.css';

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
  const count = formatCredits(day.operations);
  const operations = plural(day.operations, { one: `${count} operation`, other: `${count} operations` });
  const date = formatDate(day.day, { weekday: 'short', day: 'numeric', month: 'long' });
  const credits = creditsInWords(day.credits);
  return t`${date}: ${credits} for ${operations}`;
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
  const chart = layOut(days, resetDay, { width, height, scale });
  const at = cursor === null ? null : (days[cursor] ?? null);

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
    const left = event.clientX - event.currentTarget.getBoundingClientRect().left - chart.margin.left;
    const index = Math.floor(left / chart.x.step);
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
            aria-label={t`Credits spent by day, ${formatDate(days[0]?.day ?? resetDay)} to ${formatDate(days.at(-1)?.day ?? resetDay)}`}
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
            <Ticks chart={chart} />
            <PeriodStart chart={chart} />
            {cursor !== null && at !== null && <CursorBand chart={chart} cursor={cursor} />}
            <Bars chart={chart} cursor={cursor} />
            <Dates chart={chart} />
          </svg>
        )}
      </div>
      <figcaption className={styles.reading} data-day={at === null ? undefined : at.day}>
        {at === null ? note : readingOf(at)}
      </figcaption>
    </figure>
  );
}
