import type { Row } from '../wire/flight.js';
import type { ColumnType } from '../wire/parameters.js';
import { type Answer, assertValue, KIND_OF, readAnswer, type RowOf } from './answer.js';
import type { Column, Table } from './write-statement.js';

type Plain = string | number | boolean;

/** How a value that is no number, text or boolean lies in a column of type text. */
export interface TextForm<V> {
  readonly toText: (value: V) => string;
  readonly fromText: (text: string) => V;
}

/** The types of column that can hold a value. */
type TypeFor<V> = [V] extends [boolean]
  ? 'boolean'
  : [V] extends [number]
    ? 'bigint' | 'integer' | 'timestamptz'
    : [V] extends [string]
      ? 'text' | 'uuid' | 'date'
      : 'text';

interface Said<V, W> {
  readonly column: string;
  readonly type: TypeFor<NonNullable<V>>;
  /** Where the value lies in what is written; null: the database itself fills the column. */
  readonly of: ((written: W) => V) | null;
  /** It is part of what finds the row. */
  readonly key?: true;
  /** In a change: the operator that combines what is there with the value; without it the value takes its place. */
  readonly combine?: string;
}

/**
 * What is said of each field of a row: its column, the column's type, where the value lies in what is written.
 *
 * The fields of `S` are all there and no others, each with a type of column that can hold it; `nullable` exactly where the field may be
 * null; `form` exactly where the value is not plain; `changes` exactly where a row may change after it was inserted (`C`).
 */
export type Fields<S, W, C extends keyof S = never, Part = true> = {
  readonly [K in keyof S]: Said<S[K], W> &
    (null extends S[K] ? { readonly nullable: true } : { readonly nullable?: never }) &
    ([NonNullable<S[K]>] extends [Plain] ? { readonly form?: never } : { readonly form: TextForm<NonNullable<S[K]>> }) &
    (K extends C ? { readonly changes: Part } : { readonly changes?: never });
};

/** A row as the database answers it: as `S`, with text for what is not plain. */
export type RawOf<S> = { readonly [K in keyof S]: RawValue<S[K]> };
type RawValue<V> = V extends Plain | null ? V : string;

/** A column of a kind of row, and the field that it is. */
export interface RowColumn<W = never> {
  readonly field: string;
  readonly name: string;
  readonly type: ColumnType;
  /** What `typeof` says of its values. */
  readonly kind: 'string' | 'number' | 'boolean';
  readonly isNullable: boolean;
  readonly isKey: boolean;
  /** The part of the row with which it changes; null: it never does. */
  readonly part: string | null;
  readonly form: TextForm<unknown> | null;
  readonly combine: string | undefined;
  /** Its value as it is written; null: the database fills it. */
  readonly of: ((written: W) => Plain | null) | null;
}

/**
 * A kind of row: a table and its columns, said once. How rows are selected, read, inserted and changed follows from it.
 *
 * `S` is a row's state with all its fields side by side, `W` what is at hand when one is written.
 */
export class RowDescription<S, W = S> {
  constructor(
    readonly table: string,
    readonly columns: readonly RowColumn<W>[],
  ) {}

  /** The columns for a SELECT, under the names of their fields: `g.credit_type AS "creditType", …`. */
  select(alias: string): string {
    return this.columns.map(({ field, name }) => `${alias}.${name} AS "${field}"`).join(', ');
  }

  column(field: keyof S & string): RowColumn<W> {
    const found = this.columns.find((column) => column.field === field);
    if (!found) throw new TypeError(`${this.table} has no field ${field}`);
    return found;
  }

  /** The kind with some of its fields only. */
  pick<K extends keyof S & string>(...fields: readonly K[]): RowDescription<Pick<S, K>, W> {
    const wanted: ReadonlySet<string> = new Set(fields);
    return new RowDescription(
      this.table,
      this.columns.filter(({ field }) => wanted.has(field)),
    );
  }

  /**
   * Rows that `select` has selected, as what they are. Looks at the columns of the first row, as `readAnswer` does.
   *
   * @throws TypeError that names table and column
   */
  read(rows: readonly Row[]): readonly RawOf<S>[] {
    const [first] = rows;
    if (first !== undefined)
      for (const { field, name, type, kind, isNullable } of this.columns)
        // Asked here first, since this is looked at for each answer.
        if (typeof first[field] !== kind) assertValue(this.table, name, type, isNullable, first[field]);
    return rows as readonly RawOf<S>[];
  }

  /** The same of rows with other columns beside those of `select`. */
  readWith<const A extends Answer>(beside: A, rows: readonly Row[]): readonly (RawOf<S> & RowOf<A>)[] {
    readAnswer(this.table, beside, rows);
    return this.read(rows) as readonly (RawOf<S> & RowOf<A>)[];
  }

  /** How rows are inserted. `code`: short and unique, names the shape of the statement. */
  inserted(code: string, more: Pick<Table<W>, 'onConflict' | 'computed'> = {}): Table<W> {
    return { ...more, code, name: this.table, keys: null, columns: written(this.columns) };
  }

  /** How rows are changed: those columns that may change, where the key says. */
  changed(code: string): Table<W> {
    const keys = this.columns.filter(({ isKey }) => isKey);
    const changing = this.columns.filter(({ part }) => part !== null);
    return { code, name: this.table, keys: keys.length, columns: [...written(keys), ...written(changing)] };
  }
}

/** The fields of a kind. */
export type FieldsOf<Kind> = Kind extends RowDescription<infer S, never> ? S : never;

/** Columns as a statement writes them. */
export function written<W>(columns: readonly RowColumn<W>[]): Column<W>[] {
  return columns.flatMap(({ name, type, of, combine }) =>
    of === null ? [] : [{ name, type, of, ...(combine === undefined ? {} : { combine }) }],
  );
}

/**
 * Describes a kind of row: `describeRow<State, Written, 'fields' | 'that' | 'change'>('table', { field: { column, type, of, … }, … })`.
 *
 * @param fields  every field of `S`, see `Fields`
 */
export function describeRow<S, W = S, C extends keyof S = never, Part extends string | true = true>(
  table: string,
  fields: Fields<S, W, C, Part>,
): RowDescription<S, W> {
  const columns = Object.entries<FieldSaid<W>>(fields as Readonly<Record<string, FieldSaid<W>>>).map(
    ([field, said]): RowColumn<W> => ({
      field,
      name: said.column,
      type: said.type,
      kind: KIND_OF[said.type],
      isNullable: said.nullable ?? false,
      isKey: said.key ?? false,
      part: said.changes === undefined ? null : String(said.changes),
      form: said.form ?? null,
      combine: said.combine,
      of: said.form ? asText(said.of, said.form) : (said.of as RowColumn<W>['of']),
    }),
  );
  return new RowDescription(table, columns);
}

/** What `Fields` says of any field. */
interface FieldSaid<W> extends Omit<Said<unknown, W>, 'type'> {
  readonly type: ColumnType;
  readonly nullable?: true;
  readonly form?: TextForm<unknown>;
  readonly changes?: string | true;
}

function asText<W>(of: ((written: W) => unknown) | null, { toText }: TextForm<unknown>): RowColumn<W>['of'] {
  if (of === null) return null;
  return (row) => {
    const value = of(row);
    return value === null ? null : toText(value);
  };
}
