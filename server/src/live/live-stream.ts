import type { Attach, Attachment, Sink } from './sink.js';

/** For whom a payload is the same. */
export interface Audience {
  /** The same for callers who are shown the same. */
  readonly name: string;
  /** The one field that depends on it, where the rest is the same for everybody; null: more than that. */
  readonly field: string | null;
}

/**
 * What a subscription's `subscribe` returns: a feed that nobody reads yet.
 *
 * Read by `for await` like any other stream, or attached to a socket directly, which is how equal subscriptions share one
 * execution. Every iterator is a reader of its own.
 *
 * @typeParam Raw  what the feed pushes; the same object to all its readers
 * @typeParam Shown  what a reader is given
 */
export class LiveStream<Raw, Shown> implements AsyncIterable<Shown> {
  /**
   * @param attach  begins to push into a sink
   * @param show  turns what is pushed into the payload that the operation is executed on; pure
   * @param queued  values that wait for a slow iterator at most; 1 for state, where only the newest counts
   * @param audience  what of a payload depends on who asks; null: nothing
   */
  constructor(
    readonly attach: Attach<Raw>,
    readonly show: (raw: Raw) => Shown,
    readonly queued: number,
    readonly audience: Audience | null = null,
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<Shown> {
    return new SinkIterator(this.attach, this.show, this.queued);
  }
}

/**
 * An iterator that listens from its first moment and lets go the moment `return` is called, also while `next` waits.
 * (An async generator parked on `await` would stay attached until its next value.)
 */
class SinkIterator<Raw, Shown> implements AsyncIterator<Shown>, Sink<Raw> {
  readonly #queue: Shown[] = [];
  readonly #attachment: Attachment;
  #waiting: { resolve(result: IteratorResult<Shown>): void; reject(error: Error): void }[] = [];
  #error: Error | null = null;
  #done = false;

  constructor(
    attach: Attach<Raw>,
    private readonly show: (raw: Raw) => Shown,
    private readonly queued: number,
  ) {
    this.#attachment = attach(this);
  }

  get ready(): boolean {
    return this.#waiting.length > 0 || this.#queue.length < this.queued;
  }

  push(raw: Raw): void {
    if (this.#done) return;
    let value: Shown;
    try {
      value = this.show(raw);
    } catch (error) {
      return this.fail(error as Error);
    }
    const reader = this.#waiting.shift();
    if (reader) reader.resolve({ done: false, value });
    else this.#queue.push(value);
  }

  fail(error: Error): void {
    if (this.#done) return;
    this.#done = true;
    const reader = this.#waiting.shift();
    if (reader) reader.reject(error);
    else this.#error = error;
    this.#releaseReaders();
  }

  next(): Promise<IteratorResult<Shown>> {
    const value = this.#queue.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#error) {
      const error = this.#error;
      this.#error = null;
      return Promise.reject(error);
    }
    if (this.#done) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  return(): Promise<IteratorResult<Shown>> {
    this.#done = true;
    this.#queue.length = 0;
    this.#error = null;
    this.#attachment.close();
    this.#releaseReaders();
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<IteratorResult<Shown>> {
    void this.return();
    return Promise.reject(error);
  }

  #releaseReaders(): void {
    const readers = this.#waiting;
    this.#waiting = [];
    for (const reader of readers) reader.resolve({ done: true, value: undefined });
  }
}
