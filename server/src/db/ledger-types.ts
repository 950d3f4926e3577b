import pg from 'pg';

/** Parses `2026-11-22 23:43:51.123+00` (session time zone UTC) to epoch milliseconds. */
export function parseInstant(text: string): number {
  return Date.parse(`${text.slice(0, 10)}T${text.slice(11).replace(/([+-]\d\d)$/, '$1:00')}`);
}

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`integer out of range: ${text}`);
  return value;
}

/**
 * How the ledger's connections and readers see values: bigint as a safe integer (anything larger throws),
 * timestamptz as epoch milliseconds, date as YYYY-MM-DD. Connections must run with `TimeZone=UTC`.
 */
export const ledgerTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === 20) return parseInteger;
    if (oid === 1184) return parseInstant;
    if (oid === 1082) return (text: string) => text;
    return pg.types.getTypeParser(oid, format);
  }) as pg.CustomTypesConfig['getTypeParser'],
};
