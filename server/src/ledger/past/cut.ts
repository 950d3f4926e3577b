import type pg from 'pg';
import { ledgerTypes } from '../../db/ledger-types.js';
import { type Answer, readAnswer, type RowOf } from '../rows/answer.js';
import type { Row } from '../wire/flight.js';

/**
 * A place in an account's journal between two rows: what was is all that lies before it.
 *
 * It lies before the row `ordinal` of the group `version`; `{ version: 1, ordinal: 0 }` is before everything.
 */
export interface Cut {
  readonly version: number;
  readonly ordinal: number;
}

/** Something of one account, in a list that is asked for at once. */
export interface OfAccount {
  readonly accountId: string;
}

/** Where is read: a pool or a client; several statements of one client may share a snapshot. */
export type PastReader = Pick<pg.ClientBase, 'query'>;

/** A statement about a list, with the columns that it answers; `place` is the item's, from 1. */
export interface Question<A extends Answer> {
  readonly name: string;
  readonly text: string;
  readonly answer: A;
}

/** Asks, with a list for each parameter. */
export async function ask<const A extends Answer>(
  reader: PastReader,
  { name, text, answer }: Question<A>,
  values: readonly (readonly (string | number)[])[],
): Promise<readonly RowOf<A>[]> {
  const { rows } = await reader.query<Row>({ name, text, values: [...values], types: ledgerTypes });
  return readAnswer(name, answer, rows);
}

const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/** An instant as a parameter. Nothing was before 1970, and nothing is after 9999: PostgreSQL need not read other years. */
export function instantText(at: number): string {
  return new Date(Math.min(Math.max(at, EARLIEST), LATEST)).toISOString();
}
