import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Caller } from '../auth/caller.js';

/** Codes after which a client tries again, unlike 1011, 4401 and 4500, which it takes as final; 4400 is meant to be final. */
export const CLOSE = {
  tooLarge: 1009,
  restart: 1012,
  busy: 1013,
  badRequest: 4400,
  forbidden: 4403,
} as const;

/** Above so many unsent bytes whoever sends more waits for it to leave. */
const SLOW_BYTES = 64 * 1024;
/** Who leaves so much unread is cut off. */
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;
const CLOSE_REASON_BYTES_MAX = 123;
const SENT = Promise.resolve();

/** A socket of `ws` with what the door knows of it, so that all sockets share their listeners. */
export class DoorSocket extends WebSocket {
  /** null before it is booked. */
  open: OpenSocket | null = null;
}

/** An operation under way, by the id that the client gave it. */
export interface Operation {
  readonly id: string;
  /** The client wants no more of it, or is gone. Nothing is sent for it any more. */
  end(): void;
}

/**
 * An open socket, from the upgrade to its end. There may be many thousands, most of them idle with one subscription: each field counts,
 * and none of them has a closure, a timer or a map of its own.
 */
export class OpenSocket {
  /** null until it has signed in. */
  caller: Caller | null = null;
  /** Live subscriptions. */
  subscriptions = 0;
  /** Queries and mutations that are being answered. */
  inFlight = 0;
  /** How long the message is that is being read. */
  messageBytes = 0;
  /** How much came before it signed in. */
  strangersBytes = 0;
  isAlive = true;
  /** Whether `connection_init` came, and whether it was acknowledged. */
  hasBegun = false;
  isAcknowledged = false;
  #isGathering = false;
  /** The only operation, or the first of those that are under way. */
  #first: Operation | null = null;
  /** The others, while there are any. */
  #others: Map<string, Operation> | null = null;

  constructor(
    readonly socket: WebSocket,
    readonly connection: Duplex,
    readonly address: string,
  ) {}

  hasOperation(id: string): boolean {
    return this.#first?.id === id || this.#others?.has(id) === true;
  }

  /** @param operation  with an id that is not in use */
  add(operation: Operation): void {
    if (this.#first === null) this.#first = operation;
    else (this.#others ??= new Map()).set(operation.id, operation);
  }

  /** Forgets an operation; false when it was not under way any more. */
  remove(operation: Operation): boolean {
    if (this.#first === operation) {
      this.#first = null;
      return true;
    }
    if (this.#others?.get(operation.id) !== operation) return false;
    this.#others.delete(operation.id);
    if (this.#others.size === 0) this.#others = null;
    return true;
  }

  /** Ends the operation of this id, if there is one. */
  end(id: string): void {
    const operation = this.#first?.id === id ? this.#first : this.#others?.get(id);
    if (operation === undefined) return;
    this.remove(operation);
    operation.end();
  }

  endAll(): void {
    const all = [...(this.#first === null ? [] : [this.#first]), ...(this.#others?.values() ?? [])];
    this.#first = null;
    this.#others = null;
    for (const operation of all) operation.end();
  }

  /** A reason that tells an operation's id may be longer than a close frame can carry. */
  close(code: number, reason: string): void {
    this.socket.close(code, Buffer.byteLength(reason) > CLOSE_REASON_BYTES_MAX ? '' : reason);
  }

  /**
   * Sends a message; what is sent in one turn of the process leaves it in one piece, since a batch of the ledger answers many
   * operations of one socket at once.
   *
   * To a reader that keeps up it resolves at once; to a slow one when the message has left, so that whoever makes messages waits.
   */
  send(text: string): Promise<void> {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return SENT;
    if (socket.bufferedAmount > UNREAD_BYTES_MAX) {
      socket.terminate();
      return SENT;
    }
    if (!this.#isGathering) {
      this.#isGathering = true;
      this.connection.cork();
      process.nextTick(flush, this);
    }
    if (socket.bufferedAmount < SLOW_BYTES) {
      socket.send(text);
      return SENT;
    }
    return new Promise((resolve) => {
      // A message that cannot be sent: the socket is closing, and its `close` event follows.
      socket.send(text, () => resolve());
    });
  }

  flush(): void {
    this.#isGathering = false;
    this.connection.uncork();
  }
}

function flush(open: OpenSocket): void {
  open.flush();
}
