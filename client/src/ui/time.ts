import { t } from '@lingui/core/macro';
import { digits, textLocale } from './format.js';
import { madeOnce } from './made-once.js';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

type Zoned = { locale?: string; timeZone?: string };

const formatsOfZones = madeOnce(
  // The offset only tells formats apart: one that was made before the viewer's machine went to another zone keeps the old one.
  (locale: string, { format }: { format: Intl.DateTimeFormatOptions; offset: number | null }) =>
    new Intl.DateTimeFormat(locale, { ...digits, ...format }),
);

/** Days and times in a zone, the viewer's when none is given. */
function dates({ locale = textLocale, timeZone }: Zoned, format: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return timeZone === undefined
    ? formatsOfZones(locale, { format, offset: new Date().getTimezoneOffset() })
    : formatsOfZones(locale, { format: { ...format, timeZone }, offset: null });
}

/** "27 Nov": a day, in the viewer's zone unless one is given. */
export function formatDay(at: number, zone: Zoned = {}): string {
  return dates(zone, { day: 'numeric', month: 'short' }).format(at);
}

/** "27 Nov 2026". */
export function formatDayOfYear(at: number, zone: Zoned = {}): string {
  return dates(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/** Hours and minutes as a clock of that language shows them: "02:03" of 24 hours, "2:03 AM" of 12. */
const clocks = madeOnce((locale: string, hour: Intl.DateTimeFormatOptions): Intl.DateTimeFormatOptions => {
  const { hourCycle } = new Intl.DateTimeFormat(locale, hour).resolvedOptions();
  return { hour: hourCycle === 'h23' || hourCycle === 'h24' ? '2-digit' : 'numeric', minute: '2-digit' };
});

const clock = ({ locale = textLocale }: Zoned): Intl.DateTimeFormatOptions => clocks(locale, { hour: 'numeric' });

/** "27 Nov, 14:03". */
export function formatInstant(at: number, zone: Zoned = {}): string {
  return dates(zone, { day: 'numeric', month: 'short', ...clock(zone) }).format(at);
}

/** "14:03". */
export function formatTime(at: number, zone: Zoned = {}): string {
  return dates(zone, clock(zone)).format(at);
}

/** The same instant in UTC, in full, for a title. */
export function formatUtc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Whether this browser knows a zone; new ones come with its updates. */
export function knowsZone(timeZone: string): boolean {
  try {
    dates({ locale: 'en', timeZone }, {});
    return true;
  } catch {
    return false;
  }
}

/** A calendar day, YYYY-MM-DD, as a zone sees an instant; as UTC sees it where the browser does not know the zone. */
export function localDate(at: number, timeZone: string): string {
  const zone = { locale: 'en', timeZone: knowsZone(timeZone) ? timeZone : 'UTC' };
  const parts = dates(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at);
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
  return dates({ locale, timeZone: 'UTC' }, format).format(Date.parse(`${date}T00:00:00Z`));
}

const units = madeOnce(
  (locale: string, { unit }: { unit: string }) =>
    new Intl.NumberFormat(locale, { ...digits, style: 'unit', unit, unitDisplay: 'long' }),
);

/** "5 days 9 hours", "3 hours 20 minutes", "less than a minute"; the two largest units. */
export function formatRemaining(ms: number, locale: string = textLocale): string {
  if (ms < minuteMs) return t`less than a minute`;
  const unit = (value: number, name: string): string => units(locale, { unit: name }).format(value);
  const days = Math.floor(ms / dayMs);
  const hours = Math.floor((ms % dayMs) / hourMs);
  const minutes = Math.floor((ms % hourMs) / minuteMs);
  if (days > 0) return hours > 0 ? `${unit(days, 'day')} ${unit(hours, 'hour')}` : unit(days, 'day');
  if (hours > 0) return minutes > 0 ? `${unit(hours, 'hour')} ${unit(minutes, 'minute')}` : unit(hours, 'hour');
  return unit(minutes, 'minute');
}

const agos = madeOnce(
  (locale: string, options: Intl.RelativeTimeFormatOptions) =>
    new Intl.RelativeTimeFormat(locale, { ...digits, ...options }),
);

/** "just now", "4 min ago", "2 days ago"; from the account's clock, which may not be the wall clock. */
export function formatAgo(at: number, now: number, locale: string = textLocale): string {
  const format = agos(locale, { numeric: 'auto', style: 'short' });
  const ms = Math.max(0, now - at);
  if (ms < minuteMs) return t`just now`;
  if (ms < hourMs) return format.format(-Math.floor(ms / minuteMs), 'minute');
  if (ms < dayMs) return format.format(-Math.floor(ms / hourMs), 'hour');
  return format.format(-Math.floor(ms / dayMs), 'day');
}
