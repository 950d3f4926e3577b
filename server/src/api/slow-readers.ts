import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { bytesTakenFrom } from './beneath-node.js';

const LOOK_MS = 1_000;

export interface SlowReaderLimits {
  /** A connection with something to read takes at least `bytesMin` in each span of this length. */
  readonly spanMs: number;
  readonly bytesMin: number;
  /** Of all connections together; above it, those with the most unread are ended first. */
  readonly unreadBytesMax: number;
}

/** Some 1 kB a second: less than the slowest connection that still is of use. Source: docs/api.md, Limits */
export const SLOW_READER_LIMITS: SlowReaderLimits = {
  spanMs: 15_000,
  bytesMin: 16_384,
  unreadBytesMax: 256 * 1024 * 1024,
};

/** A connection that has not taken all that was written to it. */
interface Reading {
  /** When the present span began, and how much had been taken then. */
  since: number;
  takenBytes: number;
}

/**
 * Ends connections, of HTTP and of WebSockets alike, whose peer does not take the answers it asked for.
 *
 * Such an answer stays in this process' memory until it is taken. What counts is what the peer took: neither more requests from
 * it nor more answers to it make its connection look alive.
 */
export class SlowReaders {
  readonly #limits: SlowReaderLimits;
  readonly #clock: () => number;
  readonly #sockets = new Set<Socket>();
  readonly #reading = new Map<Socket, Reading>();
  readonly #forget: (this: Socket) => void;
  readonly #timer: NodeJS.Timeout;

  /** @param clock  milliseconds, monotonic */
  constructor(server: Server, limits: SlowReaderLimits, clock: () => number = () => performance.now()) {
    this.#limits = limits;
    this.#clock = clock;
    const [sockets, reading] = [this.#sockets, this.#reading];
    // One function for all, which Node calls on the connection.
    this.#forget = function forget() {
      sockets.delete(this);
      reading.delete(this);
    };
    // A connection that has asked nothing has nothing to read.
    server.on('request', ({ socket }) => this.#watch(socket));
    server.on('upgrade', ({ socket }: IncomingMessage) => this.#watch(socket));
    this.#timer = setInterval(() => this.look(), LOOK_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Looks at every connection once; the timer does every second. */
  look(): void {
    const now = this.#clock();
    let unreadBytes = 0;
    const unread: { readonly socket: Socket; readonly bytes: number }[] = [];
    for (const socket of this.#sockets) {
      if (socket.writableLength === 0) {
        this.#reading.delete(socket);
        continue;
      }
      const takenBytes = bytesTakenFrom(socket);
      if (takenBytes !== null && this.#isSlow(socket, takenBytes, now)) {
        socket.destroy();
        continue;
      }
      const bytes = takenBytes === null ? socket.writableLength : socket.bytesWritten - takenBytes;
      unreadBytes += bytes;
      unread.push({ socket, bytes });
    }
    if (unreadBytes <= this.#limits.unreadBytesMax) return;
    for (const { socket, bytes } of unread.sort((a, b) => b.bytes - a.bytes)) {
      if (unreadBytes <= this.#limits.unreadBytesMax) return;
      socket.destroy();
      unreadBytes -= bytes;
    }
  }

  #watch(socket: Socket): void {
    if (this.#sockets.has(socket)) return;
    this.#sockets.add(socket);
    socket.on('close', this.#forget);
  }

  #isSlow(socket: Socket, takenBytes: number, now: number): boolean {
    const reading = this.#reading.get(socket);
    if (reading === undefined) {
      this.#reading.set(socket, { since: now, takenBytes });
      return false;
    }
    if (takenBytes - reading.takenBytes >= this.#limits.bytesMin) {
      reading.since = now;
      reading.takenBytes = takenBytes;
    }
    return now - reading.since >= this.#limits.spanMs;
  }
}
