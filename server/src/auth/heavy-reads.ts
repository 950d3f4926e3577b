import { rateLimited } from '../kit/errors.js';
import { personOf } from './caller.js';
import type { Caller } from './caller.js';

const AT_ONCE = 2;
const WAITING_MAX = 8;
const RETRY_MS = 1_000;

/** What one caller has running and waiting; forgotten when both are none. */
interface Line {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Reads that may take seconds, a few at once for each caller, a member and the keys it made together: two run, eight wait for their turn in the order in which they came.
 *
 * It keeps one caller from taking every connection of the pool for such reads. How many run in all is that pool's size.
 * Source: docs/api.md, Limits
 */
export class HeavyReads {
  readonly #lines = new Map<string, Line>();

  /**
   * Runs a read when it is its caller's turn.
   *
   * @throws (rejects with) RATE_LIMITED when too many of the caller's reads wait already; else as `read` does
   */
  async run<T>(caller: Caller, read: () => Promise<T>): Promise<T> {
    const key = personOf(caller) ?? `${caller.kind}:${caller.id}`;
    const line = this.#lines.get(key) ?? { running: 0, waiting: [] };
    if (line.running >= AT_ONCE) {
      if (line.waiting.length >= WAITING_MAX) throw rateLimited(RETRY_MS);
      // The place of a read that ends goes to the next that waits, so the count stays the same.
      await new Promise<void>((resolve) => line.waiting.push(resolve));
    } else {
      line.running += 1;
      this.#lines.set(key, line);
    }
    try {
      return await read();
    } finally {
      const next = line.waiting.shift();
      if (next !== undefined) next();
      else if ((line.running -= 1) === 0) this.#lines.delete(key);
    }
  }
}
