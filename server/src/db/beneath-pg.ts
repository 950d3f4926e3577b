/*
 * All that this program uses of node-postgres beneath its public interface, where a new version may change anything. The writers try
 * each use out on each new connection (`ledger/wire/fast-paths.ts`). Where a member is missing or does something else, the driver's
 * public way is taken: slower, with the same result.
 */
import type { Socket } from 'node:net';
import type pg from 'pg';

type Values = readonly unknown[] | undefined;

/** The Bind message of a named statement's parameters, when they are one already; null: the driver makes it. */
export type BindMessage = (values: Values, statement: string) => Buffer | null;

interface BindConfig {
  readonly statement: string;
  readonly values?: readonly unknown[];
}

type Stream = Pick<Socket, 'cork' | 'uncork' | 'write' | 'writableLength'>;

/** What the driver has, if it is as it was in the version that package.json names. */
interface Beneath {
  readonly processID?: unknown;
  readonly connection?: { readonly stream?: Partial<Stream>; bind?: (config: BindConfig) => void };
}

function beneath(client: pg.ClientBase): Beneath {
  return client as unknown as Beneath;
}

/** The server process that the connection was told of when it began, perhaps by a pooler; null when the driver does not say. */
export function processIdOf(client: pg.ClientBase): number | null {
  const { processID } = beneath(client);
  return typeof processID === 'number' ? processID : null;
}

export interface BoundSending {
  /** Messages that went out as they lay. */
  readonly sent: number;
  /** From now on the driver makes all messages itself. */
  stop(): void;
}

/** Makes a connection send ready Bind messages as they lie; null when the driver has not what is needed for it. */
export function sendBound(client: pg.ClientBase, messageOf: BindMessage): BoundSending | null {
  const { connection } = beneath(client);
  const bind = connection?.bind;
  if (typeof bind !== 'function' || typeof connection?.stream?.write !== 'function') return null;
  let sent = 0;
  connection.bind = function bindAsItLies(config) {
    const message = messageOf(config.values, config.statement);
    if (message === null) return bind.call(connection, config);
    sent++;
    (connection.stream as Stream).write(message);
  };
  return {
    get sent() {
      return sent;
    },
    stop() {
      connection.bind = bind;
    },
  };
}

const held = new WeakMap<pg.ClientBase, Stream>();

/** Lets `inOneWrite` hold back what is sent over this connection; false when the driver has not what is needed for it. */
export function allowHolding(client: pg.ClientBase): boolean {
  const stream = beneath(client).connection?.stream;
  const { cork, uncork, writableLength } = stream ?? {};
  if (typeof cork !== 'function' || typeof uncork !== 'function' || typeof writableLength !== 'number') return false;
  held.set(client, stream as Stream);
  return true;
}

export function forbidHolding(client: pg.ClientBase): void {
  held.delete(client);
}

/** Bytes that are held back for a connection at this moment. */
export function heldBytes(client: pg.ClientBase): number {
  return held.get(client)?.writableLength ?? 0;
}

/** Sends everything that `send` queries in one write to the socket, instead of one a statement; where that is not allowed, as it comes. */
export function inOneWrite<T>(client: pg.ClientBase, send: () => T): T {
  const stream = held.get(client);
  if (stream === undefined) return send();
  stream.cork();
  try {
    return send();
  } finally {
    stream.uncork();
  }
}
