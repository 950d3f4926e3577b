import { listFromText, objectFromText } from '../../kit/format-version.js';
import type { SpendingHour, SpentHour } from '../core/spending.js';
import type { TextForm } from './describe-row.js';

/* The hours of an account as the database keeps them. Versions: docs/upgrades.md */

const HOUR_MS = 3_600_000;

type HourTuple = [number: number, standard: number, scan: number];

/** Readers of hours that are over, one for each version of their format; hours are counted from 1970 on. */
const HOURS: readonly ((items: readonly HourTuple[]) => SpentHour[])[] = [
  (items) => items.map(([number, STANDARD, SCAN]) => ({ hour: number * HOUR_MS, STANDARD, SCAN })),
];

export function hoursFromText(text: string): SpentHour[] {
  return listFromText('hours with spend', text, HOURS);
}

export const HOURS_TEXT: TextForm<readonly SpentHour[]> = {
  toText: (hours) => `[${hours.map(({ hour, STANDARD, SCAN }) => `[${hour / HOUR_MS},${STANDARD},${SCAN}]`).join()}]`,
  fromText: hoursFromText,
};

/** Readers of the hour in which an account spent last, one for each version of the format. */
const LAST: readonly ((kept: SpendingHour) => SpendingHour)[] = [
  ({ hour, version, before, since }) => ({ hour, version, before, since }),
];

/** @throws UnknownFormat for a version that this program does not know */
export function spendingFromText(text: string): SpendingHour {
  return objectFromText('hours of spend', text, LAST);
}

/** JSON: it changes once an hour. */
export const SPENDING_TEXT: TextForm<SpendingHour> = {
  toText: (spending) => JSON.stringify(spending),
  fromText: spendingFromText,
};
