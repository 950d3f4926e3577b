/** Where the bars stand on one side of a chart. */
export type BandScale = {
  /** From one bar's start to the next one's. */
  step: number;
  /** A bar's width. */
  width: number;
  /** Where a bar starts. */
  at: (index: number) => number;
};

/** Equal bars over `[from, to]`: a gap of three tenths of a step between two, a tenth of one before the first. */
export function bands(count: number, from: number, to: number): BandScale {
  const [inner, outer] = [0.3, 0.1];
  const step = (to - from) / Math.max(1, count - inner + 2 * outer);
  return { step, width: step * (1 - inner), at: (index) => from + step * (outer + index) };
}

/** Round whole numbers from 0 on, the last at or above `max`, about `wanted` steps of 1, 2 or 5 times a power of ten. */
export function wholeTicks(max: number, wanted: number): number[] {
  const rough = Math.max(1, max / wanted);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const last = Math.max(1, Math.ceil(max / step));
  return Array.from({ length: last + 1 }, (_, index) => index * step);
}
