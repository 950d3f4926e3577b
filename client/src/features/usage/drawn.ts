import { hueCount } from '../../charts/Hatches.js';
import type { Bucket, Series } from './buckets.js';
import type { Dimension } from './search.js';

/** A part of every bar, a column of the table and an item of the legend: one thing, or all that have no colour of their own. */
export type Shown = {
  /** Of the series; `othersKey` of several. */
  key: string;
  keys: readonly string[];
  hue: number;
  credits: number;
};

/** Where types stand among the hues: always the same, whatever else there is. */
const typeHues: Readonly<Record<string, number>> = { IMAGE: 0, AUDIO: 1, VIDEO: 2, REGENERATION: 3, DEEP_SCAN: 4 };

/** Not the name of a project: those are never blank. */
export const othersKey = ' ';

/**
 * What is told apart in the chart: everything that cost something, the most first; beyond as many as there are hues, the rest
 * together.
 */
export function shownOf(series: readonly Series[], by: Dimension): Shown[] {
  const paid = series.filter(({ credits }) => credits > 0);
  if (by === 'type')
    return paid.map(({ key, credits }) => ({ key, keys: [key], hue: typeHues[key] ?? hueCount - 1, credits }));
  const [own, rest] = paid.length <= hueCount ? [paid, []] : [paid.slice(0, hueCount - 1), paid.slice(hueCount - 1)];
  const shown = own.map(({ key, credits }, hue) => ({ key, keys: [key], hue, credits }));
  if (rest.length === 0) return shown;
  const credits = rest.reduce((sum, each) => sum + each.credits, 0);
  return [...shown, { key: othersKey, keys: rest.map(({ key }) => key), hue: hueCount - 1, credits }];
}

/** What a bucket has of something that is shown. */
export const creditsIn = ({ credits }: Bucket, { keys }: Shown): number =>
  keys.reduce((sum, key) => sum + (credits.get(key) ?? 0), 0);
