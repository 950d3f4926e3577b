/** Array literals for Postgres, built here so that no value is ever refused by the driver after a statement was queued. */

/** Numbers, UUIDs, booleans: values that need no quotes. */
export function plainArray(values: readonly (number | string | boolean | null)[]): string {
  let out = '{';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    out += (index === 0 ? '' : ',') + (value === null || value === undefined ? 'NULL' : value);
  }
  return `${out}}`;
}

/** Epoch milliseconds as timestamptz. */
export function instantArray(values: readonly (number | null)[]): string {
  let out = '{';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    out += (index === 0 ? '' : ',') + (value === null || value === undefined ? 'NULL' : new Date(value).toISOString());
  }
  return `${out}}`;
}

const SPECIAL = /["\\]/g;

/** Any text. */
export function textArray(values: readonly (string | null)[]): string {
  let out = '{';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    out += index === 0 ? '' : ',';
    out += value === null || value === undefined ? 'NULL' : `"${value.replace(SPECIAL, '\\$&')}"`;
  }
  return `${out}}`;
}
