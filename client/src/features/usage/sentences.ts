import { plural, t } from '@lingui/core/macro';
import { creditsInWords, formatCredits, formatPercent } from '../../ui/format.js';
import { daysBetween, formatDate } from '../../ui/time.js';
import type { Bucket } from './buckets.js';
import type { SpanName, UsageChosen } from './search.js';
import type { Span } from './span.js';

/** Credits of either kind with their unit. */
export function amountOf(credits: number, kind: UsageChosen['credits']): string {
  if (kind === 'standard') return creditsInWords(credits);
  const number = formatCredits(credits);
  return plural(credits, { one: `${number} scan credit`, other: `${number} scan credits` });
}

/** "7 more than by this day last period (31)". */
export function comparison(total: number, before: number, name: SpanName, { from, to }: Span): string {
  const [difference, earlier] = [formatCredits(Math.abs(total - before)), formatCredits(before)];
  const days = formatCredits(daysBetween(from, to) + 1);
  const side = Math.sign(total - before);
  if (name === 'this') {
    if (side === 0) return t`As much as by this day last period (${earlier}).`;
    return side > 0
      ? t`${difference} more than by this day last period (${earlier}).`
      : t`${difference} less than by this day last period (${earlier}).`;
  }
  if (name === 'last') {
    if (side === 0) return t`As much as in the period before (${earlier}).`;
    return side > 0
      ? t`${difference} more than in the period before (${earlier}).`
      : t`${difference} less than in the period before (${earlier}).`;
  }
  if (side === 0) return t`As much as in the ${days} days before (${earlier}).`;
  return side > 0
    ? t`${difference} more than in the ${days} days before (${earlier}).`
    : t`${difference} less than in the ${days} days before (${earlier}).`;
}

const weekday: Intl.DateTimeFormatOptions = { weekday: 'short', day: 'numeric', month: 'short' };

/** The days of a bucket: "Tue 18 Nov", "17 Nov to 23 Nov". */
export function daysOfBucket({ from, to }: Pick<Bucket, 'from' | 'to'>, isSummed: boolean): string {
  if (isSummed) return t`Until ${formatDate(from)}`;
  return from === to ? formatDate(from, weekday) : t`${formatDate(from)} to ${formatDate(to)}`;
}

/** "Images took 76 % of it." */
export function largestShare(name: string, credits: number, total: number): string {
  return t`Most for ${name}: ${formatPercent((100 * credits) / total)}.`;
}

/** "Busiest: Tue 18 Nov, 10." Empty where nothing stands out. */
export function busiest(days: readonly Bucket[]): string {
  const most = days.reduce<Bucket | null>((best, each) => (each.total > (best?.total ?? 0) ? each : best), null);
  if (most === null) return '';
  return t`Busiest: ${formatDate(most.from, weekday)}, ${formatCredits(most.total)}.`;
}

/**
 * What a bar says: "Tue 18 Nov: Images 5, Regenerations 5. 10 credits, 6 operations; 4 in the span before." A bar of days to
 * come says only what was before.
 */
export function readingOfBucket(
  bucket: Bucket,
  parts: readonly { name: string; credits: number }[],
  { kind, isSummed }: { kind: UsageChosen['credits']; isSummed: boolean },
): string {
  const days = daysOfBucket(bucket, isSummed);
  const before = bucket.before === null ? null : amountOf(bucket.before, kind);
  if (bucket.isToCome)
    return before === null ? t`${days}: still to come.` : t`${days}: still to come; ${before} in the span before.`;
  const amount = amountOf(bucket.total, kind);
  const count = formatCredits(bucket.operations);
  const operations = plural(bucket.operations, { one: `${count} operation`, other: `${count} operations` });
  const list = parts
    .filter(({ credits }) => credits > 0)
    .map(({ name, credits }) => `${name} ${formatCredits(credits)}`)
    .join(' · ');
  const told = list === '' ? t`${days}: ${amount}, ${operations}` : t`${days}: ${list} = ${amount}, ${operations}`;
  if (bucket.isOpen) return before === null ? t`${told}, so far.` : t`${told}, so far; ${before} in the span before.`;
  return before === null ? `${told}.` : t`${told}; ${before} in the span before.`;
}
