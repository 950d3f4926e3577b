import type { OpenSocket } from './open-socket.js';

/** How many sockets may be open that have not signed in. */
export interface UnauthenticatedMax {
  readonly perAddress: number;
  readonly perProcess: number;
}

/** Source: docs/api.md, Limits */
export const UNAUTHENTICATED_MAX: UnauthenticatedMax = { perAddress: 1_024, perProcess: 10_000 };

/**
 * The sockets that have not signed in yet, oldest first.
 *
 * Full, a newcomer takes the place of the oldest: of its own address when that has as many as one may have, else of the oldest of
 * all. So nobody is locked out by sockets that only stand there, and an address that floods pushes out its own.
 */
export class UnauthenticatedSockets {
  /** A set is in the order of insertion: the first is the oldest. */
  readonly #all = new Set<OpenSocket>();
  readonly #byAddress = new Map<string, Set<OpenSocket>>();

  constructor(private readonly max: UnauthenticatedMax) {}

  get size(): number {
    return this.#all.size;
  }

  /** @returns whom the newcomer has displaced, who is no longer counted; null: nobody */
  add(open: OpenSocket): OpenSocket | null {
    const sameAddress = this.#byAddress.get(open.address);
    const full =
      sameAddress !== undefined && sameAddress.size >= this.max.perAddress
        ? sameAddress
        : this.#all.size >= this.max.perProcess
          ? this.#all
          : null;
    const [displaced = null] = full ?? [];
    if (displaced !== null) this.delete(displaced);
    this.#all.add(open);
    const sockets = this.#byAddress.get(open.address);
    if (sockets === undefined) this.#byAddress.set(open.address, new Set([open]));
    else sockets.add(open);
    return displaced;
  }

  delete(open: OpenSocket): void {
    if (!this.#all.delete(open)) return;
    const sockets = this.#byAddress.get(open.address);
    sockets?.delete(open);
    if (sockets?.size === 0) this.#byAddress.delete(open.address);
  }
}
