import { CloseCode } from 'graphql-ws';
import type { Caller } from '../auth/caller.js';
import { TOKEN_TOLERANCE_MS } from '../auth/caller.js';
import type { OpenSocket } from './open-socket.js';
import { CLOSE } from './open-socket.js';
import type { UnauthenticatedMax } from './unauthenticated-sockets.js';
import { UNAUTHENTICATED_MAX, UnauthenticatedSockets } from './unauthenticated-sockets.js';

const CALLER_SOCKETS_MAX = 20_000;
const PING_MS = 12_000;
/** Long enough for hundreds that come at once to a busy process; those who only stand there are displaced. */
const INIT_MS = 10_000;
/** Between two looks at whose credential has ended. */
const LOOK_MS_MIN = 100;
/** The longest that a timer can wait; a token that lives longer is looked at again then. */
const TIMER_MS_MAX = 2_147_483_647;
/** A socket that was displaced and does not answer its close frame within this is cut off. */
const DISPLACED_MS_MAX = 1_000;

export interface WsSocketsOptions {
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly pingMs?: number | undefined;
  /** How long a socket may be open before its `connection_init`. */
  readonly initMs?: number | undefined;
  readonly unauthenticatedMax?: UnauthenticatedMax | undefined;
  /** The longest that a timer waits. */
  readonly timerMsMax?: number | undefined;
}

/**
 * The sockets of this process: how many each address and caller has, whether they begin in time and still answer, when their
 * credential ends.
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
  readonly #initMs: number;
  /** Those that have not sent `connection_init`, with the monotonic millisecond until which they may. */
  readonly #beginning = new Map<OpenSocket, number>();
  #late: NodeJS.Timeout | null = null;
  #expiry: NodeJS.Timeout | null = null;
  #expiryAt = Infinity;

  constructor({
    clock,
    pingMs = PING_MS,
    initMs = INIT_MS,
    unauthenticatedMax = UNAUTHENTICATED_MAX,
    timerMsMax = TIMER_MS_MAX,
  }: WsSocketsOptions) {
    this.#clock = clock;
    this.#timerMsMax = timerMsMax;
    this.#initMs = initMs;
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
  open(open: OpenSocket): void {
    this.#add(open);
    const displaced = this.#unauthenticated.add(open);
    if (displaced !== null) {
      displaced.socket.close(CLOSE.busy, 'Too many sockets that have not signed in');
      setTimeout(() => displaced.socket.terminate(), DISPLACED_MS_MAX).unref();
    }
  }

  /** A socket has begun by `connection_init`. */
  begun(open: OpenSocket): void {
    open.hasBegun = true;
    this.#beginning.delete(open);
  }

  /** A socket has ended. */
  closed(open: OpenSocket): void {
    this.#beginning.delete(open);
    if (this.#all.delete(open)) this.#unbook(open);
  }

  /**
   * Books a new socket whose caller is known from the upgrade, and which never counts as one that has not signed in.
   *
   * @returns false when the caller has as many sockets as one may
   */
  openSignedIn(open: OpenSocket, caller: Caller): boolean {
    if (this.#hasTooMany(caller)) return false;
    this.#add(open);
    this.#bookTo(open, caller);
    return true;
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

  /** Pings nobody any more, and closes nobody who is late. */
  stop(): void {
    clearInterval(this.#timer);
    if (this.#expiry !== null) clearTimeout(this.#expiry);
    if (this.#late !== null) clearTimeout(this.#late);
  }

  #add(open: OpenSocket): void {
    this.#all.add(open);
    this.#beginning.set(open, performance.now() + this.#initMs);
    this.#waitForLate(this.#initMs);
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
    if (caller.expiresAt !== null) this.#lookAt(caller.expiresAt + TOKEN_TOLERANCE_MS);
  }

  #unbook(open: OpenSocket): void {
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

  /** One timer for all, at the end of the credential that ends first. */
  #lookForExpired(): void {
    const now = this.#clock();
    this.#expiry = null;
    let next = Infinity;
    for (const { socket, caller } of this.#all) {
      if (caller === null || caller.expiresAt === null || socket.readyState !== socket.OPEN) continue;
      const at = caller.expiresAt + TOKEN_TOLERANCE_MS;
      if (at <= now) socket.close(CLOSE.forbidden, 'Token expired');
      else next = Math.min(next, at);
    }
    // Not for each of many tokens that end one shortly after the other.
    if (next < Infinity) this.#lookAt(Math.max(next, now + LOOK_MS_MIN));
  }

  #lookAt(at: number): void {
    if (this.#expiry !== null) {
      if (at >= this.#expiryAt) return;
      clearTimeout(this.#expiry);
    }
    this.#expiryAt = at;
    const waitMs = Math.min(Math.max(0, at - this.#clock()), this.#timerMsMax);
    this.#expiry = setTimeout(() => this.#lookForExpired(), waitMs);
    this.#expiry.unref();
  }

  /** Closes those that have not begun in time; they are in the order in which they came. */
  #closeLate(): void {
    this.#late = null;
    const now = performance.now();
    for (const [open, until] of this.#beginning) {
      if (until > now) return this.#waitForLate(until - now);
      this.#beginning.delete(open);
      open.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout');
    }
  }

  #waitForLate(waitMs: number): void {
    this.#late ??= setTimeout(() => this.#closeLate(), waitMs);
    this.#late.unref();
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
