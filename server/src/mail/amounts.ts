const MINUTES: Intl.DateTimeFormatOptions = { dateStyle: 'long', timeStyle: 'short' };

/** An instant for a person, in the account's zone and with its name: `2 January 2026 at 14:05 (Europe/Berlin)`. */
export function dateIn(timeZone: string, at: number): string {
  return `${new Intl.DateTimeFormat('en-GB', { ...MINUTES, timeZone }).format(at)} (${timeZone})`;
}

/** Money for a person, with as many places as the currency has: `32.00 USD`. */
export function moneyOf(amountMinor: number, currency: string): string {
  const places =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const number = new Intl.NumberFormat('en', { minimumFractionDigits: places, maximumFractionDigits: places });
  return `${number.format(amountMinor / 10 ** places)} ${currency}`;
}
