import { useState } from 'react';
import { formatCredits } from '../ui/format.js';
import { layOutBars } from './bars.js';
import type { Bar, BarsPlot, PlacedBar } from './bars.js';
import { Hatches, useFills } from './Hatches.js';
import { Reading } from './Reading.js';
import { useCursor } from './useCursor.js';
import { textScale, useSize } from './useSize.js';
import styles from './Chart.module.css';

type Props = {
  bars: readonly Bar[];
  /** Names the chart for those who hear it: what, from when to when. */
  label: string;
  /** What a bar says, in a sentence. */
  readingOf: (index: number) => string;
  /** Stands above the chart while no bar is read. */
  note: string;
  /** Whether a bar far above all others is cut, so that the others can be told apart. */
  cuts?: boolean;
  height?: 'high' | 'low';
};

/**
 * Stacked bars over time: a slider over the bars. The arrow keys move what is read, which stands above as a sentence.
 *
 * Time runs from left to right in every language. Always shown with its numbers as a table beside it, or a way to it.
 */
export function Bars({ bars, label, readingOf, note, cuts = false, height: size = 'high' }: Props) {
  const [element, { width, height }] = useSize();
  const [scale] = useState(textScale);
  const plot = layOutBars(bars, { width, height, scale, cuts });
  const newest = bars.findLastIndex(({ values, isOpen }) => isOpen || values.some((value) => value > 0));
  const [cursor, handlers] = useCursor(bars.length, Math.max(0, newest), plot.placeAt);
  const placed = cursor === null ? undefined : plot.bars[cursor];
  return (
    <figure className={styles.figure}>
      <Reading
        at={
          cursor === null || placed === undefined
            ? null
            : { x: placed.x + plot.barWidth / 2, sentence: readingOf(cursor) }
        }
        width={width}
        note={note}
      />
      <div ref={element} className={styles.frame} data-size={size}>
        {width > 0 && height > 0 && bars.length > 0 && (
          <svg
            width={width}
            height={height}
            role="slider"
            aria-label={label}
            aria-valuemin={1}
            aria-valuemax={bars.length}
            aria-valuenow={(cursor ?? newest) + 1}
            aria-valuetext={readingOf(cursor ?? Math.max(0, newest))}
            tabIndex={0}
            {...handlers}
          >
            <Drawing plot={plot} cursor={cursor} />
          </svg>
        )}
      </div>
    </figure>
  );
}

function Drawing({ plot, cursor }: { plot: BarsPlot; cursor: number | null }) {
  const { id, fillOf } = useFills();
  const placed = cursor === null ? undefined : plot.bars[cursor];
  return (
    <>
      <Hatches id={id} />
      <Scale plot={plot} />
      {placed !== undefined && (
        <rect
          className={styles.cursor}
          x={placed.x - (plot.step - plot.barWidth) / 2}
          width={plot.step}
          y={plot.margin.top}
          height={Math.max(0, plot.floor - plot.margin.top)}
          data-cursor-band
        />
      )}
      {plot.bars.map((each, index) => (
        <g key={each.bar.key} data-bar={each.bar.key} data-faded={cursor !== null && index !== cursor ? '' : undefined}>
          <Column placed={each} plot={plot} fillOf={fillOf} />
        </g>
      ))}
      <Boundaries plot={plot} />
      {plot.bars.map(
        ({ bar, x, hasLabel }) =>
          hasLabel && (
            <text
              key={bar.key}
              className={styles.label}
              x={x + plot.barWidth / 2}
              y={plot.height - 6}
              textAnchor={x + plot.barWidth > plot.width - 24 ? 'end' : 'middle'}
              dx={x + plot.barWidth > plot.width - 24 ? plot.barWidth / 2 : 0}
            >
              {bar.label}
            </text>
          ),
      )}
    </>
  );
}

/** Two numbers and one line: where the scale begins and ends. */
function Scale({ plot: { margin, width, floor, top } }: { plot: BarsPlot }) {
  return (
    <g className={styles.tick}>
      <line x1={margin.left} x2={width - margin.right} y1={margin.top} y2={margin.top} strokeDasharray="2 4" />
      <line x1={margin.left} x2={width - margin.right} y1={floor + 0.5} y2={floor + 0.5} />
      <text x={margin.left - 8} y={margin.top} dy="0.32em" textAnchor="end">
        {formatCredits(top)}
      </text>
      <text x={margin.left - 8} y={floor} dy="0.32em" textAnchor="end">
        {formatCredits(0)}
      </text>
    </g>
  );
}

type ColumnProps = { placed: PlacedBar; plot: BarsPlot; fillOf: (series: number) => string };

function Column({ placed, plot: { barWidth, floor, margin }, fillOf }: ColumnProps) {
  const { bar, x, top, segments, ghostTop, isCut, total } = placed;
  const radius = Math.min(3, barWidth / 3);
  return (
    <>
      {segments.map(({ series, top: y, height }, index) => (
        <rect
          key={series}
          x={x}
          y={y}
          width={barWidth}
          height={height}
          rx={index === segments.length - 1 && !bar.isOpen && !isCut ? radius : 0}
          fill={fillOf(series)}
          data-series={series}
        />
      ))}
      {ghostTop !== null && ghostTop < floor && (
        <path className={styles.ghost} d={`M${x} ${floor} V${ghostTop} H${x + barWidth} V${floor}`} data-ghost />
      )}
      {/* Still growing: its sides go on, and nothing closes it above. */}
      {bar.isOpen && (
        <path
          className={styles.open}
          d={`M${x} ${floor} V${Math.max(margin.top, top - 14)} M${x + barWidth} ${floor} V${Math.max(margin.top, top - 14)}`}
          data-open
        />
      )}
      {isCut && (
        <>
          <path className={styles.cut} d={`M${x - 2} ${top + 12} l${barWidth + 4} -5 m0 5 l${-barWidth - 4} 5`} />
          <text className={styles.cutNumber} x={x + barWidth / 2} y={margin.top - 5} textAnchor="middle" data-cut>
            {formatCredits(total)}
          </text>
        </>
      )}
    </>
  );
}

/** Where something began, above the gap before its first bar; where it would be written over another, it is left out. */
function Boundaries({ plot: { bars, margin, step, barWidth, width } }: { plot: BarsPlot }) {
  return bars.map(({ bar, x }, index) => {
    if (bar.begins === null || index === 0) return null;
    const isLate = x > width * 0.7;
    return (
      <text
        key={bar.key}
        className={styles.boundary}
        x={isLate ? x - (step - barWidth) / 2 : x - (step - barWidth)}
        y={margin.top - 8}
        textAnchor={isLate ? 'end' : 'start'}
        data-boundary
      >
        {bar.begins}
      </text>
    );
  });
}
