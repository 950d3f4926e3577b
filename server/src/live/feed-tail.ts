import type { FeedItem } from './feed-item.js';
import type { FeedReader } from './feed-reader.js';

/** The newest events of the feed, kept in memory: every one with `floor < feedSeq <= position`, in order. */
export class FeedTail {
  #items: FeedItem[] = [];
  #floor = Infinity;
  #position = 0;

  constructor(private readonly eventsMax: number) {}

  /** Events up to here are only in the table; Infinity before it is known where the feed ends. */
  get floor(): number {
    return this.#floor;
  }

  /** How far the feed has been read. */
  get position(): number {
    return this.#position;
  }

  /** Whether it is known where the feed ends. */
  get isKnown(): boolean {
    return this.#floor < Infinity;
  }

  /** Forgets all events, and where they ended; the position stays until a new one is known. */
  forget(): void {
    this.#items = [];
    this.#floor = Infinity;
  }

  /** Begins, without an event, at the end of the feed. */
  beginAt(head: number): void {
    this.#floor = head;
    this.#position = head;
  }

  /** Adds the next event. */
  push(item: FeedItem): void {
    this.#items.push(item);
    this.#position = item.feedSeq;
  }

  /** The feed has been read up to here; the oldest events beyond the most that are kept are dropped. */
  endAt(position: number): void {
    this.#position = position;
    const surplus = this.#items.length - this.eventsMax;
    if (surplus > 0) this.#floor = this.#items.splice(0, surplus).at(-1)?.feedSeq ?? this.#floor;
  }

  /** Offers a reader all events. @returns whether it took them */
  offerTo(reader: FeedReader): boolean {
    return this.#items.every((item) => reader.offer(item));
  }
}
