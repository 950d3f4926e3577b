import type { WebSocket } from 'ws';
import type { Caller } from '../auth/caller.js';
import { TOKEN_TOLERANCE_MS } from '../auth/caller.js';
import type { OpenSocket } from './open-socket.js';
import { CLOSE } from './open-socket.js';
import type { UnauthenticatedMax } from './unauthenticated-sockets.js';
import { UNAUTHENTICATED_MAX, UnauthenticatedSockets } from './unauthenticated-sockets.js';

const CALLER_SOCKETS_MAX = 20_000;
const PING_MS = 12_000;
/** The longest that a timer can wait; a token that lives longer is looked at again then. */
const TIMER_MS_MAX = 2_147_483_647;
/** A socket that was displaced and does not answer its close frame within this is cut off. */
const DISPLACED_MS_MAX = 1_000;

export interface WsSocketsOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly pingMs?: number | undefined;
  readonly unauthenticatedMax?: UnauthenticatedMax | undefined;
  /** The longest that a timer waits. */
  readonly timerMsMax?: number | undefined;
}

/**
 * The sockets of this process: how many each address and caller has, whether they still answer, when their credential ends.
 *
 * Every 12 s each is pinged, and ended when it has not answered the ping before. A revoked key's sockets are closed with 4403,
 * as are those whose token has expired: clients come back with a fresh one. Where too many have not signed in, the oldest of them is
 * closed with 1013.
 */
export class WsSockets {
  readonly #clock: () => number;
  readonly #timerMsMax: number;
  readonly #all = new Set<OpenSocket>();
  readonly #unauthenticated: UnauthenticatedSockets;
  readonly #byCaller = new Map<string, number>();
  readonly #byKey = new Map<string, Set<OpenSocket>>();
  readonly #timer: NodeJS.Timeout;

  constructor({
    clock,
    pingMs = PING_MS,
    unauthenticatedMax = UNAUTHENTICATED_MAX,
    timerMsMax = TIMER_MS_MAX,
  }: WsSocketsOptions) {
    this.#clock = clock;
    this.#timerMsMax = timerMsMax;
    this.#unauthenticated = new UnauthenticatedSockets(unauthenticatedMax);
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

  /** All that are open now. */
  list(): OpenSocket[] {
    return [...this.#all];
  }

  /** Books a new socket, and displaces the oldest that has not signed in where there is no room for one more of those. */
  open(socket: WebSocket, address: string): OpenSocket {
    const open = this.#add(socket, address);
    const displaced = this.#unauthenticated.add(open);
    if (displaced !== null) {
      displaced.socket.close(CLOSE.busy, 'Too many sockets that have not signed in');
      setTimeout(() => displaced.socket.terminate(), DISPLACED_MS_MAX).unref();
    }
    return open;
  }

  /**
   * Books a new socket whose caller is known from the upgrade, and which never counts as one that has not signed in.
   *
   * @returns null when the caller has as many sockets as one may
   */
  openSignedIn(socket: WebSocket, address: string, caller: Caller): OpenSocket | null {
    if (this.#hasTooMany(caller)) return null;
    const open = this.#add(socket, address);
    this.#bookTo(open, caller);
    return open;
  }

  /**
   * Books a socket to whoever has signed in on it; a second credential takes the place of the first.
   *
   * @returns false when the caller has as many sockets as one may, or the socket is closing
   */
  signIn(open: OpenSocket, caller: Caller): boolean {
    if (!this.#all.has(open) || open.socket.readyState !== open.socket.OPEN) return false;
    if (this.#hasTooMany(caller)) return false;
    this.#unbook(open);
    this.#bookTo(open, caller);
    return true;
  }

  /** Closes the sockets of an API key. */
  revoke(keyId: string): void {
    for (const { socket } of this.#byKey.get(keyId) ?? []) socket.close(CLOSE.forbidden, 'Key revoked');
  }

  /** Pings nobody any more. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #add(socket: WebSocket, address: string): OpenSocket {
    const open: OpenSocket = {
      socket,
      address,
      caller: null,
      subscriptions: 0,
      inFlight: 0,
      messageBytes: 0,
      isAlive: true,
      expiry: null,
    };
    this.#all.add(open);
    socket.on('pong', () => (open.isAlive = true));
    socket.on('close', () => {
      if (this.#all.delete(open)) this.#unbook(open);
    });
    return open;
  }

  #hasTooMany(caller: Caller): boolean {
    return (this.#byCaller.get(nameOf(caller)) ?? 0) >= CALLER_SOCKETS_MAX;
  }

  #bookTo(open: OpenSocket, caller: Caller): void {
    open.caller = caller;
    const name = nameOf(caller);
    this.#byCaller.set(name, (this.#byCaller.get(name) ?? 0) + 1);
    if (caller.keyId !== null) {
      const sockets = this.#byKey.get(caller.keyId) ?? new Set();
      this.#byKey.set(caller.keyId, sockets.add(open));
    }
    if (caller.expiresAt !== null) this.#expireAt(open, caller.expiresAt + TOKEN_TOLERANCE_MS);
  }

  #unbook(open: OpenSocket): void {
    if (open.expiry !== null) clearTimeout(open.expiry);
    const { caller } = open;
    if (caller === null) return this.#unauthenticated.delete(open);
    const name = nameOf(caller);
    const count = (this.#byCaller.get(name) ?? 0) - 1;
    if (count <= 0) this.#byCaller.delete(name);
    else this.#byCaller.set(name, count);
    if (caller.keyId === null) return;
    const sockets = this.#byKey.get(caller.keyId);
    sockets?.delete(open);
    if (sockets?.size === 0) this.#byKey.delete(caller.keyId);
  }

  #expireAt(open: OpenSocket, at: number): void {
    const leftMs = at - this.#clock();
    open.expiry = setTimeout(
      () => {
        if (at - this.#clock() > 0) this.#expireAt(open, at);
        else open.socket.close(CLOSE.forbidden, 'Token expired');
      },
      Math.min(Math.max(0, leftMs), this.#timerMsMax),
    );
    open.expiry.unref();
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
}

function nameOf({ kind, id }: Caller): string {
  return `${kind}:${id}`;
}
