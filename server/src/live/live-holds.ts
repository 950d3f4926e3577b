import type pg from 'pg';
import { type Caller, holdsScope } from '../auth/caller.js';
import type { Catalog } from '../catalog/catalog.js';
import type { History } from '../db/history.js';
import { toActor } from '../ledger/graph/command-input.js';
import { showReservation, type ShownReservation } from '../ledger/graph/show-reservation.js';
import type { StampedReservation } from './hold-feed.js';
import { HoldReader } from './hold-reader.js';
import { Holds } from './holds.js';
import type { LiveOptions } from './live-options.js';
import { type Audience, LiveStream } from './live-stream.js';
import { WatchedAccounts } from './watched-accounts.js';

const QUEUED_RESERVATIONS = 100;

export interface LiveHoldsOptions extends Pick<LiveOptions, 'findAccount' | 'readAccount' | 'onError'> {
  /** For reads. */
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly history: History;
  readonly catalog: () => Catalog;
}

/** What is in flight, live. Source: docs/api.md, The WebSocket */
export class LiveHolds {
  readonly holds: Holds;
  readonly #accounts: WatchedAccounts;
  readonly #catalog: () => Catalog;

  constructor({ pool, history, catalog, findAccount, readAccount, onError }: LiveHoldsOptions) {
    this.#accounts = new WatchedAccounts(findAccount);
    this.#catalog = catalog;
    this.holds = new Holds({ reader: new HoldReader(pool), closeDue: readAccount, history, onError });
  }

  /**
   * Opens a feed of an account's reservations: those that are open, then each as it opens or changes, after its commit. Of each the newest wins, versions
   * only grow within a history; at most 10 turns a second, the last always.
   *
   * The caller is let through here, once; the door ends the socket when the credential ends. Source: docs/api.md, The WebSocket
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT for a malformed id; NOT_FOUND, also for a foreign account; FORBIDDEN without `credits:read`
   */
  async reservationChanged(
    caller: Caller | null,
    publicId: string,
  ): Promise<LiveStream<StampedReservation, ShownReservation>> {
    const account = await this.#accounts.findReadable(caller, publicId);
    return new LiveStream(
      (sink) => this.holds.watch(account.id, sink),
      ({ era, reservation }) => showReservation(this.#catalog(), reservation, era.publicId),
      QUEUED_RESERVATIONS,
      closersOf(caller as Caller, account.id),
    );
  }
}

/** Callers who may close the same holds are shown the same. */
function closersOf(caller: Caller, accountId: string): Audience {
  const { closesAny, name, holder } = toActor(caller);
  const mayReserve = holdsScope(caller, accountId, 'credits:reserve');
  return { field: 'mayClose', name: !mayReserve ? 'none' : closesAny ? 'any' : JSON.stringify([name, holder]) };
}
