import { type ColumnType, Parameters } from '../wire/parameters.js';

/** A column to write and where its value lies. Instants are epoch milliseconds. */
export interface Column<T> {
  readonly name: string;
  readonly type: ColumnType;
  readonly of: (row: T) => string | number | boolean | null;
  /** In a change: the operator that combines what is there with the value; without it the value takes its place. */
  readonly combine?: string;
}

/** How rows of one table are written: inserted, or changed where `keys` say. */
export interface Table<T> {
  /** Short and unique; names the shape of the statement. */
  readonly code: string;
  readonly name: string;
  readonly columns: readonly Column<T>[];
  /** The first columns that find the row to change; null: rows are inserted. */
  readonly keys: number | null;
  /** Columns that are compared, not set: `t.<column> = u.expected_<column>`. */
  readonly expected?: readonly string[];
  readonly onConflict?: string;
  /** Extra target columns with their expressions, for an insert. */
  readonly computed?: Readonly<Record<string, string>>;
}

/** A statement with its parameters; equal shapes share one name and so one plan. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: Buffer[];
}

const shapes = new Map<string, { readonly name: string; readonly text: string }>();

/**
 * Builds the one statement that writes a whole batch: a data-modifying CTE per table over `unnest` of arrays.
 *
 * One statement, so that no part can be written without the others: a parameter that fails to encode, or a row that is
 * refused, undoes everything. Updates count what they changed, and a count that is off raises.
 */
export class WriteStatement {
  private readonly tables: Table<never>[] = [];
  private parameters: Parameters | null = null;

  put<T>(table: Table<T>, rows: readonly T[]): void {
    if (rows.length === 0) return;
    const parameters = (this.parameters ??= new Parameters());
    for (const { type, of } of table.columns) parameters.column(type, rows, of);
    if (table.keys !== null) parameters.count(rows.length);
    this.tables.push(table);
  }

  /** Null when nothing was put. */
  build(): Statement | null {
    if (!this.parameters) return null;
    const shape = this.tables.map(({ code }) => code).join();
    let known = shapes.get(shape);
    if (!known) {
      known = { name: `ledger_write_${shapes.size + 1}`, text: textOf(this.tables) };
      shapes.set(shape, known);
    }
    return { ...known, values: this.parameters.values() };
  }
}

/**
 * The statement that writes these tables, with no rows: PostgreSQL checks that every table and column is there and may be written, and changes
 * nothing.
 */
export function emptyWrite(tables: readonly Table<never>[]): { readonly text: string; readonly values: string[] } {
  const values = tables.flatMap(({ columns, keys }) => [...columns.map(() => '{}'), ...(keys === null ? [] : ['0'])]);
  return { text: textOf(tables), values };
}

function textOf(tables: readonly Table<never>[]): string {
  let parameter = 0;
  const checks: string[] = [];
  const parts = tables.map((table) => {
    const source = `unnest(${table.columns.map(({ type }) => `$${++parameter}::${type}[]`).join(', ')}) AS u(${table.columns
      .map(({ name }) => name)
      .join(', ')})`;
    const label = `wrote_${table.code}`;
    if (table.keys === null) return `${label} AS (${insertText(table, source)})`;
    checks.push(`(SELECT count(*) FROM ${label}) = $${++parameter}::bigint`);
    return `${label} AS (${updateText(table, source, table.keys)})`;
  });
  const check = checks.length === 0 ? '1' : `1 / (CASE WHEN ${checks.join(' AND ')} THEN 1 ELSE 0 END)`;
  return `/* ledger.write */ WITH ${parts.join(',\n')}\nSELECT ${check} AS written`;
}

function insertText(table: Table<never>, source: string): string {
  const names = table.columns.map(({ name }) => name);
  const computed = Object.entries(table.computed ?? {});
  return [
    `INSERT INTO ${table.name} (${[...names, ...computed.map(([name]) => name)].join(', ')})`,
    `SELECT ${[...names.map((name) => `u.${name}`), ...computed.map(([, expression]) => expression)].join(', ')} FROM ${source}`,
    table.onConflict ?? '',
  ].join(' ');
}

function updateText(table: Table<never>, source: string, keys: number): string {
  const expected = table.expected ?? [];
  const where = [
    ...table.columns.slice(0, keys).map(({ name }) => `t.${name} = u.${name}`),
    ...expected.map((name) => `t.${name} = u.expected_${name}`),
  ];
  const set = table.columns
    .slice(keys)
    .filter(({ name }) => !name.startsWith('expected_'))
    .map(({ name, combine }) => (combine ? `${name} = t.${name} ${combine} u.${name}` : `${name} = u.${name}`));
  return `UPDATE ${table.name} t SET ${set.join(', ')} FROM ${source} WHERE ${where.join(' AND ')} RETURNING 1`;
}
