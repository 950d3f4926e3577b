/** A value of an exported table; null where there is none. */
export type Cell = string | number | null;

/** Spreadsheets read a cell that begins with one of these as a formula. */
const formula = /^[\s]*[=+\-@\t\r\n|%]/;

/**
 * A table as CSV (RFC 4180): lines end in CRLF, and it begins with a byte order mark, since spreadsheets else take UTF-8 for
 * something older.
 *
 * Numbers stay numbers. A text that a spreadsheet would run as a formula has an apostrophe before it: what a person typed as
 * the name of a project is shown and does nothing.
 */
export function csvOf(columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return `\uFEFF${[columns, ...rows].map((cells) => `${cells.map(written).join(',')}\r\n`).join('')}`;
}

function written(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
