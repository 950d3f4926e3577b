import type pg from 'pg';
import { formatId } from '@aibc/shared/ids';
import { beginHistory, foreignBecause, readHistories, readIdentity } from './history-rows.js';
import type { DatabaseIdentity, HistoryRow, Queryable } from './history-rows.js';

/** One unbroken past of the database: versions, places in the feed and cursors can be compared within it. One object for each. */
export interface Era {
  /** uuid */
  readonly id: string;
  /** As callers see it. */
  readonly publicId: string;
  /** Events up to this place of the feed are older than this history. */
  readonly forkedAfter: number;
}

export interface HistoryOptions {
  /** May ask and write; its connections lead to where the ledger writes. */
  readonly pool: Pick<pg.Pool, 'connect' | 'query'>;
  readonly nextId: () => string;
  /** Epoch milliseconds, for the record. */
  readonly clock: () => number;
  /** Told that a history began, and why. */
  readonly onBegun?: (era: Era, because: string) => void;
}

const FEED_BACK = 'the feed of events went back';

export type HistoryListener = (present: Era) => void;

/**
 * Which history of the database this process is in.
 *
 * `open` and `look` find out whether the database is another than the one that the present history began on: restored, promoted, copied.
 * Then they begin a new history, as do `wentBack` (numbers were seen to go back) and `npm run new-history`. Processes that find it out at
 * once agree on one. Whatever was remembered of another history means nothing in the present one: `onChange` tells who has to forget.
 * Source: docs/decisions/history.md; docs/architecture.md, Laws
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #listeners = new Set<HistoryListener>();
  #eras: readonly Era[] = [];
  #present!: Era;
  /** The newest place of the feed that was seen in the present history. */
  #headSeen = 0;
  #turn: Promise<void> = Promise.resolve();

  private constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Reads the history of a migrated database, and begins one when there is none or when the database is not the one it began on. */
  static async open(options: HistoryOptions): Promise<History> {
    const history = new History(options);
    await history.look();
    return history;
  }

  /** The history in which numbers are to be compared now. */
  get present(): Era {
    return this.#present;
  }

  /** Calls the listener after each change of the present history; returns the undo. */
  onChange(listener: HistoryListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The present history or one that led to it; null for any other. */
  find(id: string): Era | null {
    return this.#eras.find((era) => era.id === id) ?? null;
  }

  /** The history in which the event at this place of the feed was written. */
  eraOf(feedSeq: number): Era {
    if (feedSeq > this.#present.forkedAfter) return this.#present;
    for (let index = this.#eras.length - 1; index > 0; index--) {
      const era = this.#eras[index] as Era;
      if (feedSeq > era.forkedAfter) return era;
    }
    return this.#eras[0] as Era;
  }

  /** The last place of the feed that belongs to this history or is older; null for the present one, which goes on. */
  endOf(era: Era): number | null {
    return this.#eras[this.#eras.indexOf(era) + 1]?.forkedAfter ?? null;
  }

  /**
   * Looks which database this is and which history it is in.
   *
   * @param on  a connection that was just made, which may lead elsewhere than those before it
   */
  async look(on?: Queryable): Promise<void> {
    const asked: Queryable = on ?? this.#options.pool;
    for (;;) {
      const known = this.#eras.length === 0 ? null : this.#present;
      const headSeen = this.#headSeen;
      const { rows, head } = await readHistories(asked);
      const identity = await readIdentity(asked);
      // Whoever changed it meanwhile knew more: what was read may be older.
      if (known !== null && this.#present !== known) continue;
      const last = rows.at(-1);
      // A standby cannot be written to. What it says is at best as new as what is known, and it is asked again when it is promoted.
      if (identity.isStandby && last !== undefined) return known === null ? this.#enter(rows, head) : undefined;
      const because =
        this.#foreignBecause(last, identity, known) ?? (head < headSeen && known?.id === last?.id ? FEED_BACK : null);
      if (because !== null) return this.#begin(last?.id ?? null, because, on);
      if (known?.id !== last?.id) return this.#enter(rows, head);
      return this.saw(head);
    }
  }

  /** A place of the feed was read in the present history. */
  saw(feedSeq: number): void {
    if (feedSeq > this.#headSeen) this.#headSeen = feedSeq;
  }

  /**
   * A number of this history was seen to go back: what came after it is lost. Begins a new history, unless that has happened already.
   *
   * Resolves when the present history is another; rejects while the database cannot be written.
   */
  async wentBack(knownId: string, because: string): Promise<void> {
    if (this.#present.id !== knownId) return;
    await this.#begin(knownId, because);
  }

  /** Begins a new history whatever the database says, as an operator wishes who has restored it. */
  async renew(because: string): Promise<Era> {
    await this.#begin(this.#present.id, because);
    return this.#present;
  }

  #foreignBecause(last: HistoryRow | undefined, identity: DatabaseIdentity, known: Era | null): string | null {
    if (last === undefined) return 'the first of this database';
    const wasLeft = known !== null && last.id !== known.id && this.find(last.id) !== null;
    return foreignBecause(last, identity) ?? (wasLeft ? 'an older state of the database was put back' : null);
  }

  /** One at a time, so that what is entered last was also read last. */
  #begin(leaving: string | null, because: string, on?: Queryable): Promise<void> {
    const begun = this.#turn.then(() => this.#beginOn(leaving, because, on));
    this.#turn = begun.catch(() => undefined);
    return begun;
  }

  async #beginOn(leaving: string | null, because: string, on?: Queryable): Promise<void> {
    const client = on === undefined ? await this.#options.pool.connect() : null;
    try {
      const id = this.#options.nextId();
      const used: Queryable = on ?? (client as Queryable);
      await beginHistory(used, { id, leaving, because, at: this.#options.clock() });
      const { rows, head } = await readHistories(used);
      this.#enter(rows, head);
      client?.release();
      if (this.#present.id === id) this.#options.onBegun?.(this.#present, because);
    } catch (error) {
      client?.release(true);
      throw error;
    }
  }

  #enter(rows: readonly HistoryRow[], head: number): void {
    const before = this.#eras.length === 0 ? null : this.#present.id;
    this.#eras = rows.map(
      ({ id, forkedAfter }) => this.find(id) ?? { id, publicId: formatId('hist', id), forkedAfter },
    );
    this.#present = this.#eras.at(-1) as Era;
    this.#headSeen = head;
    if (before === null || before === this.#present.id) return;
    for (const listener of this.#listeners) listener(this.#present);
  }
}
