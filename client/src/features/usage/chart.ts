import type { Day } from './days.js';
import { bands, wholeTicks } from '../../charts/scale.js';
import type { BandScale } from '../../charts/scale.js';

/** The room around the bars, in px, for text of the usual size. */
const room = { top: 24, right: 18, bottom: 26, left: 38 };

/** A label every so many px, for text of the usual size. */
const labelPx = 92;

/** Where everything of the chart stands, in px. */
export type Chart = {
  days: readonly Day[];
  width: number;
  height: number;
  /** How much larger than usual the viewer wants text. */
  scale: number;
  margin: { top: number; right: number; bottom: number; left: number };
  x: BandScale;
  y: (credits: number) => number;
  ticks: readonly number[];
  /** Every so many days has its date below it. */
  labelEvery: number;
  /** Where the period began; null when that is on none of the days. */
  reset: number | null;
};

/** Lays the chart of some days out over a place. */
export function layOut(
  days: readonly Day[],
  resetDay: string,
  { width, height, scale }: { width: number; height: number; scale: number },
): Chart {
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
  const labelEvery = Math.max(1, Math.ceil(days.length / Math.max(2, Math.floor(width / (labelPx * scale)))));
  const resetIndex = days.findIndex(({ day }) => day === resetDay);
  const reset = resetIndex === -1 ? null : x.at(resetIndex);
  return { days, width, height, scale, margin, x, y, ticks, labelEvery, reset };
}
