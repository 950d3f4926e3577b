import { textLocale } from './format.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

type Zoned = { locale?: string; timeZone?: string };

function options(zone: Zoned, format: Intl.DateTimeFormatOptions): Intl.DateTimeFormatOptions {
  return zone.timeZone === undefined ? format : { ...format, timeZone: zone.timeZone };
}

/** "27 Nov": a day, in the viewer's zone unless one is given. */
export function formatDay(at: number, zone: Zoned = {}): string {
  return new Intl.DateTimeFormat(zone.locale ?? textLocale, options(zone, { day: 'numeric', month: 'short' })).format(
    at,
  );
}

/** "27 Nov 2026". */
export function formatDayOfYear(at: number, zone: Zoned = {}): string {
  const format = options(zone, { day: 'numeric', month: 'short', year: 'numeric' });
  return new Intl.DateTimeFormat(zone.locale ?? textLocale, format).format(at);
}

/** Hours and minutes as a clock of that language shows them: "02:03" of 24 hours, "2:03 AM" of 12. */
function clock(locale: string): Intl.DateTimeFormatOptions {
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  return { hour: hourCycle === 'h23' || hourCycle === 'h24' ? '2-digit' : 'numeric', minute: '2-digit' };
}

/** "27 Nov, 14:03". */
export function formatInstant(at: number, zone: Zoned = {}): string {
  const locale = zone.locale ?? textLocale;
  const format = options(zone, { day: 'numeric', month: 'short', ...clock(locale) });
  return new Intl.DateTimeFormat(locale, format).format(at);
}

/** "14:03". */
export function formatTime(at: number, zone: Zoned = {}): string {
  const locale = zone.locale ?? textLocale;
  return new Intl.DateTimeFormat(locale, options(zone, clock(locale))).format(at);
}

/** The same instant in UTC, in full, for a title. */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Whether this browser knows a zone; new ones come with its updates. */
export function knowsZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone }).format(0);
    return true;
  } catch {
    return false;
  }
}

/** A calendar day, YYYY-MM-DD, as a zone sees an instant; as UTC sees it where the browser does not know the zone. */
export function localDate(at: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: knowsZone(timeZone) ? timeZone : 'UTC',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** The calendar day that many days later (or earlier). */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** Whole days from one calendar day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs);
}

/** A calendar day as text; it belongs to no zone, so none is applied. */
export function formatDate(
  date: string,
  format: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' },
  locale: string = textLocale,
): string {
  return new Intl.DateTimeFormat(locale, { ...format, timeZone: 'UTC' }).format(Date.parse(`${date}T00:00:00Z`));
}

/** "5 days 9 hours", "3 hours 20 minutes", "less than a minute"; the two largest units. */
export function formatRemaining(ms: number, locale: string = textLocale): string {
  if (ms < minuteMs) return 'less than a minute';
  const unit = (value: number, name: string): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(value);
  const days = Math.floor(ms / dayMs);
  const hours = Math.floor((ms % dayMs) / hourMs);
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  if (days > 0) return hours > 0 ? `${unit(days, 'day')} ${unit(hours, 'hour')}` : unit(days, 'day');
  if (hours > 0) return minutes > 0 ? `${unit(hours, 'hour')} ${unit(minutes, 'minute')}` : unit(hours, 'hour');
  return unit(minutes, 'minute');
}

/** "just now", "4 min ago", "2 days ago"; from the account's clock, which may not be the wall clock. */
export function formatAgo(at: number, now: number, locale: string = textLocale): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const ms = Math.max(0, now - at);
  if (ms < minuteMs) return 'just now';
  if (ms < hourMs) return format.format(-Math.floor(ms / minuteMs), 'minute');
  if (ms < dayMs) return format.format(-Math.floor(ms / hourMs), 'hour');
  return format.format(-Math.floor(ms / dayMs), 'day');
}
