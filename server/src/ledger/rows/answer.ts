import type { ColumnType } from '../wire/parameters.js';
import type { Row } from '../wire/flight.js';

/** What a column of each type is in JavaScript: instants are epoch milliseconds, days `YYYY-MM-DD`. */
interface Values {
  readonly uuid: string;
  readonly text: string;
  readonly date: string;
  readonly bigint: number;
  readonly integer: number;
  readonly timestamptz: number;
  readonly boolean: boolean;
}

/** What `typeof` says of a column's values. */
export const KIND_OF: Readonly<Record<ColumnType, 'string' | 'number' | 'boolean'>> = {
  uuid: 'string',
  text: 'string',
  date: 'string',
  bigint: 'number',
  integer: 'number',
  timestamptz: 'number',
  boolean: 'boolean',
};

/** The columns of a statement's answer by name, each with its type; behind the type of one that may be null stands `?`. */
export type Answer = Readonly<Record<string, ColumnType | `${ColumnType}?`>>;

type ValueOf<T> = T extends `${infer Type extends ColumnType}?`
  ? Values[Type] | null
  : T extends ColumnType
    ? Values[T]
    : never;

/** A row of an answer. */
export type RowOf<A extends Answer> = { readonly [K in keyof A]: ValueOf<A[K]> };

/**
 * Rows as what their statement selects.
 *
 * The columns are looked at in the first row alone: all rows of an answer have the same columns, and which columns may be null is the
 * tables' own business. Costs nothing a row.
 *
 * @param source  table or statement, for the error
 * @throws TypeError that names the source and the column, when a column is missing, is null and may not be, or is read as another type
 */
export function readAnswer<const A extends Answer>(
  source: string,
  answer: A,
  rows: readonly Row[],
): readonly RowOf<A>[] {
  const [first] = rows;
  if (first !== undefined)
    for (const [name, type] of Object.entries(answer)) {
      const isNullable = type.endsWith('?');
      assertValue(source, name, (isNullable ? type.slice(0, -1) : type) as ColumnType, isNullable, first[name]);
    }
  return rows as readonly RowOf<A>[];
}

/** @throws TypeError that names the source and the column, for a value that the column cannot have */
export function assertValue(
  source: string,
  column: string,
  type: ColumnType,
  isNullable: boolean,
  value: unknown,
): void {
  if (typeof value === KIND_OF[type] || (value === null && isNullable)) return;
  const found = value === undefined ? 'is not in the answer' : value === null ? 'is null' : `is a ${typeof value}`;
  throw new TypeError(`${source}.${column} ${found}; it should be ${type}, a ${KIND_OF[type]}`);
}
