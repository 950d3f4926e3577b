import type { Socket } from 'node:net';
import type pg from 'pg';
import { bindMessage } from './parameters.js';

/** A row as the ledger's connections deliver it: bigint as number, timestamptz as epoch ms, uuid, text, boolean, date as text. */
export type Row = Readonly<Record<string, unknown>>;

export type Query = { readonly name: string; readonly text: string };

/** What of the driver's connection is used beside its statements. */
interface Wire {
  readonly stream: Pick<Socket, 'cork' | 'uncork' | 'write'>;
  bind(config: { readonly statement: string; readonly values?: readonly unknown[] }): void;
}

function wireOf(client: pg.Client): Wire {
  return (client as unknown as { readonly connection: Wire }).connection;
}

/** Makes a connection send parameters that are a Bind message already as they lie. */
export function sendBound(client: pg.Client): void {
  const wire = wireOf(client);
  const bind = wire.bind.bind(wire);
  wire.bind = (config) => {
    const message = bindMessage(config.values, config.statement);
    if (message) wire.stream.write(message);
    else bind(config);
  };
}

/** The rows of one statement. */
export async function run(client: pg.Client, query: Query, values?: Buffer[]): Promise<Row[]> {
  const { rows } = await client.query<Row>({ name: query.name, text: query.text, ...(values ? { values } : {}) });
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
  const { stream } = wireOf(client);
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
