import type { WebSocket } from 'ws';
import type { Caller } from '../auth/caller.js';

const ANONYMOUS_SOCKETS_MAX = 32;
const CALLER_SOCKETS_MAX = 20_000;
const PING_MS = 12_000;
const TIMER_MS_MAX = 2_147_483_647;
const DRAIN_SLICES = 20;
const DRAIN_SLICE_SOCKETS_MIN = 50;
const DRAIN_SLICE_MS = 250;
const IN_FLIGHT_MS_MAX = 2_000;

/** Codes after which a client tries again, unlike 1011, 4401 and 4500, which it takes as final. */
export const CLOSE = {
  tooLarge: 1009,
  restart: 1012,
  busy: 1013,
  badRequest: 4400,
  forbidden: 4403,
} as const;

/** An open socket, from the upgrade to its end. */
export interface OpenSocket {
  readonly socket: WebSocket;
  readonly address: string;
  /** null until it has signed in. */
  caller: Caller | null;
  /** Live subscriptions. */
  subscriptions: number;
  /** Queries and mutations that are being answered. */
  inFlight: number;
  isAlive: boolean;
  expiry: NodeJS.Timeout | null;
}

/**
 * The sockets of this process: how many each address and caller has, whether they still answer, when their credential ends.
 *
 * Every 12 s each is pinged, and ended when it has not answered the ping before. A revoked key's sockets are closed with 4403,
 * as are those whose token has expired: clients come back with a fresh one.
 */
export class WsSockets {
  readonly #all = new Set<OpenSocket>();
  readonly #anonymous = new Map<string, number>();
  readonly #byCaller = new Map<string, number>();
  readonly #byKey = new Map<string, Set<OpenSocket>>();
  readonly #timer: NodeJS.Timeout;

  /** @param clock  epoch milliseconds */
  constructor(
    private readonly clock: () => number,
    pingMs: number = PING_MS,
  ) {
    this.#timer = setInterval(() => this.#ping(), pingMs);
    this.#timer.unref();
  }

  get size(): number {
    return this.#all.size;
  }

  get subscriptions(): number {
    let count = 0;
    for (const open of this.#all) count += open.subscriptions;
    return count;
  }

  isFull(address: string): boolean {
    return (this.#anonymous.get(address) ?? 0) >= ANONYMOUS_SOCKETS_MAX;
  }

  open(socket: WebSocket, address: string): OpenSocket {
    const open: OpenSocket = {
      socket,
      address,
      caller: null,
      subscriptions: 0,
      inFlight: 0,
      isAlive: true,
      expiry: null,
    };
    this.#all.add(open);
    add(this.#anonymous, address, 1);
    socket.on('pong', () => (open.isAlive = true));
    socket.on('close', () => this.#closed(open));
    return open;
  }

  /**
   * Books a socket to whoever has signed in on it.
   *
   * @returns false when the caller has as many sockets as one may
   */
  signIn(open: OpenSocket, caller: Caller): boolean {
    if (!this.#all.has(open)) return false;
    const name = nameOf(caller);
    if ((this.#byCaller.get(name) ?? 0) >= CALLER_SOCKETS_MAX) return false;
    open.caller = caller;
    add(this.#anonymous, open.address, -1);
    add(this.#byCaller, name, 1);
    if (caller.keyId !== null) {
      const sockets = this.#byKey.get(caller.keyId) ?? new Set();
      this.#byKey.set(caller.keyId, sockets.add(open));
    }
    if (caller.expiresAt !== null) {
      const leftMs = Math.min(Math.max(0, caller.expiresAt - this.clock()), TIMER_MS_MAX);
      open.expiry = setTimeout(() => open.socket.close(CLOSE.forbidden, 'Token expired'), leftMs);
      open.expiry.unref();
    }
    return true;
  }

  /** Closes the sockets of an API key. */
  revoke(keyId: string): void {
    for (const { socket } of this.#byKey.get(keyId) ?? []) socket.close(CLOSE.forbidden, 'Key revoked');
  }

  /**
   * Closes all sockets with 1012, in slices over at most 5 s, so that their clients do not all come back at once. A socket that is
   * being answered gets up to 2 s more.
   */
  async drain(): Promise<void> {
    clearInterval(this.#timer);
    const waiting = [...this.#all];
    const slice = Math.max(DRAIN_SLICE_SOCKETS_MIN, Math.ceil(waiting.length / DRAIN_SLICES));
    const late: OpenSocket[] = [];
    for (let from = 0; from < waiting.length; from += slice) {
      if (from > 0) await sleep(DRAIN_SLICE_MS);
      for (const open of waiting.slice(from, from + slice)) {
        if (open.inFlight === 0) open.socket.close(CLOSE.restart, 'Service restart');
        else late.push(open);
      }
    }
    for (
      const until = performance.now() + IN_FLIGHT_MS_MAX;
      late.some(({ inFlight }) => inFlight > 0) && performance.now() < until;
    )
      await sleep(20);
    for (const { socket } of late) socket.close(CLOSE.restart, 'Service restart');
  }

  /** Ends what has not answered its close frame. */
  terminate(): void {
    clearInterval(this.#timer);
    for (const { socket } of this.#all) socket.terminate();
  }

  #ping(): void {
    for (const open of this.#all) {
      if (!open.isAlive) {
        open.socket.terminate();
        continue;
      }
      open.isAlive = false;
      if (open.socket.readyState === open.socket.OPEN) open.socket.ping();
    }
  }

  #closed(open: OpenSocket): void {
    if (!this.#all.delete(open)) return;
    if (open.expiry !== null) clearTimeout(open.expiry);
    if (open.caller === null) return add(this.#anonymous, open.address, -1);
    add(this.#byCaller, nameOf(open.caller), -1);
    if (open.caller.keyId === null) return;
    const sockets = this.#byKey.get(open.caller.keyId);
    sockets?.delete(open);
    if (sockets?.size === 0) this.#byKey.delete(open.caller.keyId);
  }
}

function nameOf({ kind, id }: Caller): string {
  return `${kind}:${id}`;
}

function add(counts: Map<string, number>, key: string, change: number): void {
  const count = (counts.get(key) ?? 0) + change;
  if (count <= 0) counts.delete(key);
  else counts.set(key, count);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
