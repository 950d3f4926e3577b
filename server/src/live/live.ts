import { parseId, parsePlaceId } from '@aibc/shared/ids';
import type pg from 'pg';
import type { AccountIdentity, Caller } from '../auth/caller.js';
import { assertAccount, assertCaller, assertScope, mayUse } from '../auth/caller.js';
import type { CreditType } from '../catalog/catalog.js';
import { badUserInput, notFound } from '../kit/errors.js';
import type { Balance } from '../ledger/balance.types.js';
import type { AccountChange, Ledger, StoredEvent } from '../ledger/ledger.js';
import { showBalance } from '../ledger/show-balance.js';
import type { AccountState, BalanceView } from '../ledger/state.js';
import { Clocks } from './clocks.js';
import type { ClockReading } from './clocks.js';
import { Doorbell } from './doorbell.js';
import type { Ring } from './doorbell-message.js';
import { EventStore } from './event-store.js';
import type { FeedFilter } from './event-store.js';
import { Feed } from './feed.js';
import type { FeedStart } from './feed-reader.js';
import { HeadReader, headsOf } from './head-reader.js';
import { Hub } from './hub.js';
import { LiveStream } from './live-stream.js';
import type { AccountClock, CreditEvent } from './live.types.js';
import { showClock } from './show-clock.js';
import { showEvent } from './show-event.js';

/** How long a lost doorbell may delay what it would have told. */
const LOOK_MS = 3_000;
const QUEUED_EVENTS = 100;

export const LOW_BALANCE_TYPES: readonly string[] = ['BALANCE_LOW', 'BALANCE_RECOVERED'];

export interface LiveOptions {
  readonly ledger: Pick<Ledger, 'onCommitted'>;
  /** For reads. */
  readonly pool: Pick<pg.Pool, 'query'>;
  /** A direct connection string, for the doorbell's own connection. */
  readonly databaseUrl: string;
  /** Who an account is, of those the caller sees; null: there is none. */
  readonly findAccount: (
    caller: Caller | null,
    accountId: string,
  ) => AccountIdentity | null | Promise<AccountIdentity | null>;
  /** An account as it is now, what is due closed first. */
  readonly readAccount: (accountId: string) => Promise<AccountState>;
  /** Told when the database cannot be asked; everything goes on by itself. */
  readonly onError: (error: unknown) => void;
  readonly lookMs?: number;
}

export interface EventsWanted {
  readonly accountId: string | null;
  readonly types: readonly string[] | null;
  readonly after: string | null;
}

/**
 * Live delivery: what this process commits reaches its subscribers from memory, what others commit by the doorbell, and
 * what no doorbell told by a look every few seconds.
 *
 * Balances are state (the newest wins), events are history (in the order of the feed, none skipped).
 * Source: docs/architecture.md; docs/api.md, The WebSocket
 */
export class Live {
  readonly hub: Hub;
  readonly clocks: Clocks;
  readonly feed: Feed;
  readonly events: EventStore;
  readonly doorbell: Doorbell;
  readonly #options: LiveOptions;
  readonly #heads: HeadReader;
  readonly #stopListening: () => void;
  #look: NodeJS.Timeout | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.events = new EventStore(options.pool);
    this.hub = new Hub({ readHeads: async (accountId) => headsOf(await options.readAccount(accountId)) });
    this.clocks = new Clocks({
      readClock: async (accountId) => (await options.readAccount(accountId)).clockAt,
      clock: Date.now,
    });
    this.feed = new Feed({ store: this.events, onError: options.onError });
    this.#heads = new HeadReader(options.pool, this.hub, this.clocks, options.onError);
    this.doorbell = new Doorbell({
      databaseUrl: options.databaseUrl,
      onRings: (rings) => this.#onRings(rings),
      onConnected: () => this.#lookForMyself(),
      onError: options.onError,
    });
    this.#stopListening = options.ledger.onCommitted((changes) => this.#onCommitted(changes));
  }

  /** Begins to hear other processes. Subscribers are served before that too. */
  async start(): Promise<void> {
    this.#look = setInterval(() => this.#lookForMyself(), this.#options.lookMs ?? LOOK_MS);
    this.#look.unref();
    await this.doorbell.start();
  }

  async close(): Promise<void> {
    this.#stopListening();
    if (this.#look !== null) clearInterval(this.#look);
    await this.doorbell.close();
  }

  /**
   * The balance as it is now, then every later one.
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT for a malformed id; NOT_FOUND, also for a foreign account; FORBIDDEN without `credits:read`
   */
  async balanceChanged(
    caller: Caller | null,
    publicId: string,
    creditType: CreditType,
  ): Promise<LiveStream<BalanceView, Balance>> {
    const account = await this.#findAccount(caller, publicId);
    assertAccount(caller, account, 'credits:read');
    return new LiveStream((sink) => this.hub.watch(account.id, creditType, sink), showBalance, 1);
  }

  /**
   * What time it is for the account, then each move of its test clock.
   *
   * @throws as `balanceChanged`
   */
  async clockMoved(caller: Caller | null, publicId: string): Promise<LiveStream<ClockReading, AccountClock>> {
    const account = await this.#findAccount(caller, publicId);
    assertAccount(caller, account, 'credits:read');
    return new LiveStream((sink) => this.clocks.watch(account.id, sink), showClock, 1);
  }

  /**
   * Events from just after a cursor, or from now; of one account, or of all that the caller may see.
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT for a malformed id or cursor, or no type at all; NOT_FOUND, also for a foreign account, a
   * cursor of another account and a cursor that names no event; FORBIDDEN without `events:read`
   */
  async creditEvents(
    caller: Caller | null,
    { accountId, types, after }: EventsWanted,
  ): Promise<LiveStream<StoredEvent, CreditEvent>> {
    if (types !== null && types.length === 0)
      throw badUserInput('types', 'Name at least one type of event, or leave types out for all.');
    assertCaller(caller);
    const account = accountId === null ? null : await this.#findAccount(caller, accountId);
    if (accountId === null) assertScope(caller, 'events:read');
    else assertAccount(caller, account, 'events:read');
    const filter: FeedFilter = {
      sandbox: caller.sides.map((side) => side === 'sandbox'),
      accountIds: account !== null ? [account.id] : caller.accounts === 'all' ? null : [...caller.accounts.keys()],
      types,
    };
    const start = after === null ? 'now' : await this.#findStart(caller, account, after);
    return new LiveStream((sink) => this.feed.follow(filter, start, sink), showEvent, QUEUED_EVENTS);
  }

  async #findAccount(caller: Caller | null, publicId: string): Promise<AccountIdentity | null> {
    const id = parseId('acct', publicId);
    if (id === null) throw badUserInput('accountId', 'This is not the id of an account.');
    return this.#options.findAccount(caller, id);
  }

  async #findStart(caller: Caller, account: AccountIdentity | null, after: string): Promise<FeedStart> {
    const place = parsePlaceId('evt', after);
    if (place === null) throw badUserInput('after', 'after is not the id of an event.');
    const owner = await this.#options.findAccount(caller, place.accountId);
    const isVisible =
      owner !== null && mayUse(caller, owner, 'events:read') && (account === null || owner.id === account.id);
    const feedSeq = isVisible ? await this.events.findPlace(place) : null;
    if (feedSeq === null) throw notFound('The event that after names');
    return { feedSeq, place };
  }

  #onCommitted(changes: readonly AccountChange[]): void {
    let isNews = false;
    for (const change of changes) {
      this.hub.publish(change);
      this.clocks.publish(change.accountId, change.clockAt);
      isNews ||= change.events.length > 0 && this.feed.wants(change.accountId);
    }
    if (isNews) this.feed.wake();
    if (this.doorbell.rings) {
      this.doorbell.ring(
        changes.map(({ accountId, version, events }) => ({ accountId, version, events: events.length > 0 })),
      );
    }
  }

  #onRings(rings: readonly Ring[] | null): void {
    if (rings === null) return this.#lookForMyself();
    let isNews = false;
    for (const { accountId, version, events } of rings) {
      this.#heads.expect(accountId, version);
      isNews ||= events && this.feed.wants(accountId);
    }
    if (isNews) this.feed.wake();
  }

  #lookForMyself(): void {
    void this.#heads.lookAll();
    this.feed.wake();
  }
}
