import type { Socket } from 'node:net';
import type pg from 'pg';
import type { Row } from './rows.js';

export type Query = { readonly name: string; readonly text: string };

/** The rows of one statement. */
export async function run(client: pg.Client, query: Query, values: readonly string[]): Promise<Row[]> {
  const { rows } = await client.query<Row>({ name: query.name, text: query.text, values: values as string[] });
  return rows;
}

/**
 * Waits for all, then throws the first failure: nothing of a pipeline may still be in flight when its caller goes on.
 *
 * After a statement failed the ones behind it fail too (the transaction is aborted), and theirs is not the cause.
 */
export async function all<T extends readonly unknown[]>(promises: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const settled = await Promise.allSettled(promises);
  for (const result of settled) if (result.status === 'rejected') throw result.reason;
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as unknown as T;
}

/** Sends everything that `send` queries in one write to the socket, instead of one a statement. */
export function inOneFlight<T>(client: pg.Client, send: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Pick<Socket, 'cork' | 'uncork'> } }).connection;
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
