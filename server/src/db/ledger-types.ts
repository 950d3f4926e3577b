import pg from 'pg';

const ZERO = '0'.charCodeAt(0);
const FRACTION_AT = 20;

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Parses `2026-11-22 23:43:51.123456+00` (session time zone UTC) to epoch milliseconds, cutting off what is finer.
 *
 * @throws RangeError for anything else, such as another zone or `infinity`
 */
export function parseInstant(text: string): number {
  const seconds = Date.UTC(
    digits(text, 0, 4),
    digits(text, 5, 7) - 1,
    digits(text, 8, 10),
    digits(text, 11, 13),
    digits(text, 14, 16),
    digits(text, 17, 19),
  );
  const fractionEnd = Math.min(text.length - 3, FRACTION_AT + 3);
  const places = fractionEnd - FRACTION_AT;
  const milliseconds = places > 0 ? digits(text, FRACTION_AT, fractionEnd) * 10 ** (3 - places) : 0;
  const value = seconds + milliseconds;
  if (Number.isNaN(value) || !text.endsWith('+00')) throw new RangeError(`not an instant in UTC: ${text}`);
  return value;
}

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`integer out of range: ${text}`);
  return value;
}

/** Start options of every connection that is read by `ledgerTypes`, whatever the server's own settings are. */
export const ISO_IN_UTC = '-c TimeZone=UTC -c DateStyle=ISO';

/**
 * How the ledger's connections and readers see values: bigint as a safe integer (anything larger throws),
 * timestamptz as epoch milliseconds, date as YYYY-MM-DD. Connections must run with `ISO_IN_UTC`.
 */
export const ledgerTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === 20) return parseInteger;
    if (oid === 1184) return parseInstant;
    if (oid === 1082) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};
