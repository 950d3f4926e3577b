/** Array literals for Postgres, built here so that no value is ever refused by the driver after a statement was queued. */

export type ColumnType = 'uuid' | 'bigint' | 'integer' | 'boolean' | 'text' | 'timestamptz' | 'date';
type Value = string | number | boolean | null;

const SPECIAL = /["\\]/;
const ALL_SPECIAL = /["\\]/g;

function quoted(text: string): string {
  return SPECIAL.test(text) ? `"${text.replace(ALL_SPECIAL, '\\$&')}"` : `"${text}"`;
}

/** Epoch milliseconds as text; rows of one batch mostly share their instants. */
let lastInstant = NaN;
let lastInstantText = '';
function instantText(value: number): string {
  if (value !== lastInstant) {
    lastInstant = value;
    lastInstantText = new Date(value).toISOString();
  }
  return lastInstantText;
}

/**
 * One column of many rows as an array literal.
 *
 * @param of  the column's value in a row: text, whole numbers, booleans, UUIDs, days; instants as epoch milliseconds
 */
export function columnArray<T>(type: ColumnType, rows: readonly T[], of: (row: T) => Value): string {
  let out = '{';
  for (let index = 0; index < rows.length; index++) {
    const value = of(rows[index] as T);
    if (index > 0) out += ',';
    if (value === null) out += 'NULL';
    else if (type === 'text') out += quoted(value as string);
    else if (type === 'timestamptz') out += instantText(value as number);
    else out += value;
  }
  return `${out}}`;
}

const itself = (value: string): string => value;

export function uuidArray(values: readonly string[]): string {
  return columnArray('uuid', values, itself);
}

export function textArray(values: readonly string[]): string {
  return columnArray('text', values, itself);
}
