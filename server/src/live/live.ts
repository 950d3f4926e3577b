import type { Caller } from '../auth/caller.js';
import { assertCaller } from '../auth/caller.js';
import type { CreditType } from '../catalog/catalog.js';
import type { Era } from '../db/history.js';
import { badUserInput } from '../kit/errors.js';
import type { Balance } from '../ledger/graph/balance.types.js';
import type { AccountChange } from '../ledger/core/ledger.js';
import type { StoredEvent } from '../ledger/rows/event-rows.js';
import { Clocks } from './clocks.js';
import type { ClockReading } from './clocks.js';
import { CursorStart } from './cursor-start.js';
import type { Position } from './cursor-start.js';
import { Doorbell } from './doorbell.js';
import type { Ring } from './doorbell-message.js';
import { EventCursors } from './event-cursors.js';
import { EventStore } from './event-store.js';
import { Feed } from './feed.js';
import type { Follower } from './follower.js';
import { HeadReader, headsOf } from './head-reader.js';
import { Hub } from './hub.js';
import type { StampedBalance } from './hub.js';
import type { EventsWanted, LiveOptions } from './live-options.js';
import { LiveStream } from './live-stream.js';
import type { AccountClock, CreditEvent } from './live.types.js';
import { SharedRead } from './shared-read.js';
import { showClock } from './show-clock.js';
import { showEvent } from './show-event.js';
import { showStamped } from './show-live.js';
import { filterOf, WatchedAccounts } from './watched-accounts.js';

/** How long a lost doorbell may delay what it would have told. */
const LOOK_MS = 3_000;
const QUEUED_EVENTS = 100;

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
  readonly #accounts: WatchedAccounts;
  readonly #heads: HeadReader;
  readonly #looked: SharedRead<void>;
  readonly #cursors: EventCursors;
  readonly #starts: CursorStart;
  readonly #stops: readonly (() => void)[];
  readonly #followers: Follower[] = [];
  #look: NodeJS.Timeout | null = null;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#accounts = new WatchedAccounts(options.findAccount);
    const { history } = options;
    this.events = new EventStore(options.pool);
    this.#cursors = new EventCursors(options.cursorSecret);
    this.#starts = new CursorStart({
      history,
      cursors: this.#cursors,
      events: this.events,
    });
    this.hub = new Hub({
      era: history.present,
      readHeads: async (accountId) => {
        const era = history.present;
        return [headsOf(await options.readAccount(accountId)), era];
      },
      pushed: options.onPushed,
    });
    this.clocks = new Clocks({
      readClock: async (accountId) => (await options.readAccount(accountId)).clockAt,
      clock: Date.now,
    });
    this.feed = new Feed({
      store: this.events,
      history,
      tooOld: (forkedAfter) => this.#starts.tooOld(forkedAfter),
      onError: options.onError,
    });
    this.#looked = new SharedRead(() => history.look());
    this.#heads = new HeadReader(options.pool, this.hub, this.clocks, history, options.onError);
    this.doorbell = new Doorbell({
      historyId: () => history.present.id,
      onOtherHistory: () => this.#lookForMyself(),
      databaseUrl: options.databaseUrl,
      turns: options.turns,
      onRings: (rings) => this.#onRings(rings),
      onConnected: () => {
        this.#lookForMyself();
        options.onHeard?.(this.doorbell.reconnects);
      },
      onError: options.onError,
    });
    this.#stops = [
      options.ledger.onCommitted((changes) => this.#onCommitted(changes)),
      history.onChange((era) => this.#onHistory(era)),
    ];
  }

  /** Tells another feed of accounts what moved, from now on. Before `start`. */
  follow(follower: Follower): void {
    this.#followers.push(follower);
  }

  /** Begins to hear other processes. Subscribers are served before that too. */
  async start(): Promise<void> {
    this.#look = setInterval(() => this.#lookForMyself(), this.#options.lookMs ?? LOOK_MS);
    this.#look.unref();
    await this.doorbell.start();
  }

  async close(): Promise<void> {
    for (const stop of this.#stops) stop();
    if (this.#look !== null) clearInterval(this.#look);
    await this.doorbell.close();
  }

  /**
   * Opens a feed of an account's balances: the balance as it is now, in whole credits, then later ones, each after its commit. At most 10 a second,
   * the newest alone to a slow reader, the last one always; versions only grow within a history, in whichever order changes are heard of.
   *
   * The caller is let through here, once; the door ends the socket when the credential ends. Source: docs/api.md, The WebSocket
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT for a malformed id; NOT_FOUND, also for a foreign account; FORBIDDEN without `credits:read`
   */
  async balanceChanged(
    caller: Caller | null,
    publicId: string,
    creditType: CreditType,
  ): Promise<LiveStream<StampedBalance, Balance>> {
    const account = await this.#accounts.findReadable(caller, publicId);
    return new LiveStream((sink) => this.hub.watch(account.id, creditType, sink), showStamped, 1);
  }

  /**
   * Opens a feed of an account's clock: what time it is for it, then each move of its test clock; a move that another process made is heard within
   * `LOOK_MS`. Source: docs/domain.md, Test clocks
   *
   * @throws as `balanceChanged`
   */
  async clockMoved(caller: Caller | null, publicId: string): Promise<LiveStream<ClockReading, AccountClock>> {
    const account = await this.#accounts.findReadable(caller, publicId);
    return new LiveStream((sink) => this.clocks.watch(account.id, sink), showClock, 1);
  }

  /**
   * Opens a feed of events from just after a cursor, or from now; of one account, or of all that the caller may see.
   *
   * In commit order, none skipped, whichever process wrote them. A reader that takes nothing for long is ended with SLOW_CONSUMER and resumes after its
   * last event; one that was told of what a restored database has lost is ended with CURSOR_TOO_OLD. Source: docs/api.md, The WebSocket
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT for a malformed id or cursor, or no type at all; NOT_FOUND, also for a foreign account and a
   * cursor of another account; CURSOR_TOO_OLD for one of another history; FORBIDDEN without `events:read`
   */
  async creditEvents(
    caller: Caller | null,
    { accountId, types, after }: EventsWanted,
  ): Promise<LiveStream<StoredEvent, CreditEvent>> {
    if (types !== null && types.length === 0)
      throw badUserInput('types', 'Name at least one type of event, or leave types out for all.');
    assertCaller(caller);
    const account = await this.#accounts.findFollowed(caller, accountId);
    const filter = filterOf(caller, account, types);
    const start = after === null ? 'now' : await this.findStart(caller, account?.id ?? null, after);
    return new LiveStream((sink) => this.feed.follow(filter, start, sink), this.show, QUEUED_EVENTS);
  }

  /**
   * The place of now in the feed of an account, or of all accounts: every event from here on comes after it.
   *
   * @throws UNAUTHENTICATED; BAD_USER_INPUT for a malformed id; NOT_FOUND, also for a foreign account; FORBIDDEN without `events:read`
   */
  async eventCursor(caller: Caller | null, publicId: string | null): Promise<string> {
    assertCaller(caller);
    const account = await this.#accounts.findFollowed(caller, publicId);
    return this.#starts.now(account?.id ?? null);
  }

  /** Where a cursor lets this caller go on. Throws as `CursorStart.find` does. */
  findStart(caller: Caller, accountId: string | null, after: string, field = 'after'): Promise<Position> {
    return this.#starts.find(after, accountId, (id) => this.#accounts.mayFollow(caller, id), field);
  }

  /** An event as the API shows it. */
  readonly show = (event: StoredEvent): CreditEvent =>
    showEvent(event, this.#options.history.eraOf(event.feedSeq), this.#cursors);

  #onCommitted(changes: readonly AccountChange[]): void {
    let isNews = false;
    let isOther = false;
    const era = this.#options.history.present;
    for (const change of changes) {
      // The change was written in another history: one that this process does not know yet, or has left.
      if (change.historyId !== era.id) isOther = true;
      else {
        this.hub.publish(change, era);
        this.clocks.publish(change.accountId, change.clockAt);
        for (const follower of this.#followers) follower.publish(change);
      }
      isNews ||= change.events.length > 0 && this.feed.wants(change.accountId);
    }
    if (isNews) this.feed.wake();
    if (isOther) this.#lookForMyself();
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
      for (const follower of this.#followers) follower.expect(accountId, version);
      isNews ||= events && this.feed.wants(accountId);
    }
    if (isNews) this.feed.wake();
  }

  /** One look at a time: whoever asks for one while it is under way gets the next. */
  #lookForMyself(): void {
    this.#looked.get().then(
      () => {
        void this.#heads.lookAll();
        for (const follower of this.#followers) follower.look();
        this.feed.wake();
      },
      (error: unknown) => this.#options.onError(error),
    );
  }

  /** The database is in another history: forgets all versions and places, reads all watched accounts and tells every subscriber the present state. */
  #onHistory(era: Era): void {
    this.hub.begin(era);
    this.clocks.begin();
    this.feed.begin(era);
    for (const follower of this.#followers) follower.begin();
    void this.#heads.lookAll();
    this.doorbell.sayHere();
  }
}
