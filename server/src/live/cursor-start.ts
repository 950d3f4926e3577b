import { ORDINAL_MAX } from '@aibc/shared/ids';
import type { Era, History } from '../db/history.js';
import { badUserInput, cursorTooOld, notFound, unavailable } from '../kit/errors.js';
import type { PublicError } from '../kit/errors.js';
import type { EventCursor, EventCursors } from './event-cursors.js';
import type { EventStore } from './event-store.js';
import type { FeedStart } from './feed-reader.js';

const TRIES_MAX = 3;

export type Position = Exclude<FeedStart, 'now'>;

export interface CursorStartDeps {
  readonly history: Pick<History, 'present' | 'find' | 'eraOf' | 'endOf' | 'look' | 'wentBack'>;
  readonly cursors: EventCursors;
  readonly events: Pick<EventStore, 'findPlace' | 'readPlace'>;
}

/** Turns cursors into places of the feed, and places into cursors, within one history. */
export class CursorStart {
  constructor(private readonly deps: CursorStartDeps) {}

  /**
   * The place of now: every event that is not visible yet comes after it.
   *
   * @param accountId  uuid; null: of all accounts
   */
  async now(accountId: string | null): Promise<string> {
    const { era, head, version } = await this.#readPlace(accountId);
    const account = accountId === null ? null : { id: accountId, version: version ?? 0 };
    return this.deps.cursors.placeOf({ historyId: era.id, feedSeq: head, account });
  }

  /**
   * Where a cursor lets its reader go on.
   *
   * A cursor of the present history that names what the database does not have proves that the database went back: then a new history
   * begins, and the cursor is too old like any other of a history that was left.
   *
   * @param accountId  the account whose events are read; null: of all that the caller sees
   * @param field  where the cursor came from, for the error
   * @throws BAD_USER_INPUT for what is no cursor; CURSOR_TOO_OLD; NOT_FOUND for an event or place of an account that is not visible
   */
  async find(
    after: string,
    accountId: string | null,
    isVisible: (accountId: string) => Promise<boolean>,
    field = 'after',
  ): Promise<Position> {
    const cursor = this.deps.cursors.read(after);
    if (cursor === null)
      throw badUserInput(field, `${field} is not the id of an event, nor what eventCursor answered.`);
    if (cursor.historyId !== null && this.deps.history.find(cursor.historyId) === null) await this.deps.history.look();
    const era = cursor.historyId === null ? null : this.deps.history.find(cursor.historyId);
    if (cursor.historyId !== null && era === null) throw this.tooOld(0);
    const found = await (cursor.kind === 'place' ? this.#ofPlace(cursor) : this.#ofEvent(cursor));
    const owner = cursor.kind === 'place' ? (cursor.account?.id ?? null) : cursor.place.accountId;
    // An account of a past that was lost may be lost with it.
    const isLost = found === null && era !== null;
    const isWanted = owner === null || accountId === null || owner === accountId;
    if (!isWanted || (owner !== null && !isLost && !(await isVisible(owner))))
      throw notFound(`The event that ${field} names`);
    if (found !== null) return found;
    if (era === null && this.#isFirst(this.deps.history.present)) throw notFound(`The event that ${field} names`);
    const left = era ?? this.deps.history.eraOf(0);
    // Only this server makes cursors and events are never deleted, so the database has gone back.
    if (left === this.deps.history.present)
      await this.deps.history.wentBack(left.id, 'a cursor lies beyond the end of the feed');
    throw this.tooOld(this.deps.history.endOf(left) ?? 0);
  }

  /** For whoever knows of the feed what came after this place in a history that was left. */
  tooOld(forkedAfter: number): PublicError {
    const { id } = this.deps.history.present;
    return cursorTooOld(this.deps.cursors.placeOf({ historyId: id, feedSeq: forkedAfter, account: null }));
  }

  async #ofPlace({ historyId, feedSeq, account }: Extract<EventCursor, { kind: 'place' }>): Promise<Position | null> {
    const { era, head, version } = await this.#readPlace(account?.id ?? null);
    const of = this.deps.history.find(historyId);
    const end = of === null ? -1 : (this.deps.history.endOf(of) ?? head);
    if (feedSeq > end || (of === era && account !== null && account.version > (version ?? 0))) return null;
    const place = account === null ? null : { accountId: account.id, version: account.version, ordinal: ORDINAL_MAX };
    return { era, feedSeq, place };
  }

  async #ofEvent({ historyId, place }: Extract<EventCursor, { kind: 'event' }>): Promise<Position | null> {
    const { feedSeq } = await this.#inPresent(() => this.deps.events.findPlace(place));
    if (feedSeq === null) return null;
    const writtenIn = this.deps.history.eraOf(feedSeq);
    const isRight = historyId === null ? this.#isFirst(writtenIn) : writtenIn.id === historyId;
    return isRight ? { era: this.deps.history.present, feedSeq, place } : null;
  }

  /** Ids without a history are older than all histories but the first. */
  #isFirst(era: Era): boolean {
    return this.deps.history.eraOf(0) === era;
  }

  async #readPlace(accountId: string | null): Promise<{ era: Era; head: number; version: number | null }> {
    const { head, version } = await this.#inPresent(() => this.deps.events.readPlace(accountId));
    return { era: this.deps.history.present, head, version };
  }

  /** What was read as of one snapshot in the history that this process knows to be the present one. */
  async #inPresent<Read extends { readonly historyId: string | null }>(read: () => Promise<Read>): Promise<Read> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const answer = await read();
      if (answer.historyId === this.deps.history.present.id) return answer;
      await this.deps.history.look();
    }
    throw unavailable(1_000, new Error('the database says that it is in another history than it was found to be in'));
  }
}
