import { bands, wholeTicks } from './scale.js';

/** What stands above one place of the time axis. */
export type Bar = {
  key: string;
  /** Below it, where there is room. */
  label: string;
  /** One for each series, from the axis up; whole numbers from 0 on. */
  values: readonly number[];
  /** What the span before had at the same place; null where there is none. */
  ghost: number | null;
  /** Whether it still grows: the day is not over. */
  isOpen: boolean;
  /** Said where something begins with it: a gap before it, with these words above. */
  begins: string | null;
};

/** A part of a bar, in px. */
export type Segment = { series: number; top: number; height: number };

/** A bar where it stands, in px. */
export type PlacedBar = {
  bar: Bar;
  total: number;
  x: number;
  top: number;
  segments: readonly Segment[];
  ghostTop: number | null;
  /** Higher than the chart: drawn as high as it, with its number. */
  isCut: boolean;
  hasLabel: boolean;
};

/** Where everything of a chart of bars stands, in px. */
export type BarsPlot = {
  bars: readonly PlacedBar[];
  width: number;
  height: number;
  margin: { top: number; right: number; bottom: number; left: number };
  /** Of one bar, and from one to the next. */
  barWidth: number;
  step: number;
  floor: number;
  /** The number at the top of the scale. */
  top: number;
  /** The bar at a distance from the left; null beside all. */
  placeAt: (x: number) => number | null;
};

type Place = { width: number; height: number; scale: number; cuts: boolean };

/** The room around the bars, in px, for text of the usual size. */
const room = { top: 22, right: 4, bottom: 24, left: 34 };
const labelPx = 64;
const boundaryPx = 14;
/** Between two parts of a bar. */
const partPx = 2;
/** A bar is cut above so many times the median of what is there. */
const cutAt = 3;
/** Below so many bars that have something, none stands out. */
const cutFrom = 5;

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The highest number that is drawn whole: all of them, unless a few would flatten the others. */
export function heightOf(totals: readonly number[], ghosts: readonly number[], cuts: boolean): number {
  const most = Math.max(0, ...totals, ...ghosts);
  const busy = totals.filter((total) => total > 0).toSorted((a, b) => a - b);
  const median = busy[Math.floor(busy.length / 2)];
  if (!cuts || median === undefined || busy.length < cutFrom) return most;
  const limit = cutAt * median;
  // The whole of what is not cut stays in sight.
  return most > limit ? Math.max(limit, ...totals.filter((total) => total <= limit)) : most;
}

/** Lays bars out over a place; what begins with a bar has a gap before it. */
export function layOutBars(bars: readonly Bar[], { width, height, scale, cuts }: Place): BarsPlot {
  const totals = bars.map(({ values }) => sumOf(values));
  const ghosts = bars.flatMap(({ ghost }) => ghost ?? []);
  const top = wholeTicks(heightOf(totals, ghosts, cuts), 4).at(-1) ?? 1;
  const figures = String(top).length;
  const margin = {
    top: room.top * scale,
    right: room.right * scale,
    bottom: room.bottom * scale,
    left: Math.max(room.left, 14 + figures * 9) * scale,
  };
  const gapsBefore = gapsOf(bars, boundaryPx * scale);
  const right = Math.max(margin.left + 1, width - margin.right - (gapsBefore.at(-1) ?? 0));
  const band = bands(bars.length, margin.left, right);
  const floor = height - margin.bottom;
  const rise = Math.max(0, floor - margin.top);
  const y = (value: number): number => floor - (rise * Math.min(value, top)) / top;
  const labelEvery = Math.max(1, Math.ceil((labelPx * scale) / band.step));
  const placed = bars.map((bar, index): PlacedBar => {
    const total = totals[index] ?? 0;
    const isCut = total > top;
    return {
      bar,
      total,
      x: band.at(index) + (gapsBefore[index] ?? 0),
      top: y(total),
      segments: stack(bar.values, isCut ? (value) => (rise * value) / total : (value) => (rise * value) / top, floor),
      ghostTop: bar.ghost === null ? null : y(bar.ghost),
      isCut,
      hasLabel: (bars.length - 1 - index) % labelEvery === 0,
    };
  });
  const placeAt = (x: number): number | null => {
    if (x < margin.left || x > width) return null;
    const next = placed.findIndex((each) => each.x - (band.step - band.width) / 2 > x);
    return next === -1 ? placed.length - 1 : Math.max(0, next - 1);
  };
  return { bars: placed, width, height, margin, barWidth: band.width, step: band.step, floor, top, placeAt };
}

/** How far each bar is moved by the gaps before it; the first needs none. */
function gapsOf(bars: readonly Bar[], gap: number): number[] {
  let sum = 0;
  return bars.map(({ begins }, index) => (sum += begins !== null && index > 0 ? gap : 0));
}

/** Parts one above the other with a gap between; a part that is too low for one keeps a line of its own. */
function stack(values: readonly number[], heightOfValue: (value: number) => number, floor: number): Segment[] {
  const segments: Segment[] = [];
  let at = floor;
  for (const [series, value] of values.entries()) {
    if (value === 0) continue;
    const whole = heightOfValue(value);
    const gap = segments.length === 0 ? 0 : Math.min(partPx, whole / 2);
    segments.push({ series, top: at - whole, height: whole - gap });
    at -= whole;
  }
  return segments;
}
