const MINUTES: Intl.DateTimeFormatOptions = { dateStyle: 'long', timeStyle: 'short' };

/** An instant for a person, in the account's zone and with its name: `2 January 2026 at 14:05 (Europe/Berlin)`. */
export function dateIn(timeZone: string, at: number): string {
  return `${new Intl.DateTimeFormat('en-GB', { ...MINUTES, timeZone }).format(at)} (${timeZone})`;
}
