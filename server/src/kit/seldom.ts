import { LRUCache } from 'lru-cache';

const KINDS_MAX = 1_000;

/**
 * Limits how often something is logged that may happen thousands of times a second: at once the first time, then at most once per interval for
 * each kind, with how often it happened meanwhile.
 */
export class Seldom {
  readonly #kinds = new LRUCache<string, { toldAt: number; untold: number }>({ max: KINDS_MAX });

  /** @param clock  milliseconds that only go on */
  constructor(
    private readonly everyMs: number = 10_000,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /** @returns how many of this kind went untold since the last that was told; null: this one is not to be told */
  admit(kind: string): number | null {
    const now = this.clock();
    const known = this.#kinds.get(kind);
    if (known !== undefined && now - known.toldAt < this.everyMs) {
      known.untold++;
      return null;
    }
    const untold = known?.untold ?? 0;
    this.#kinds.set(kind, { toldAt: now, untold: 0 });
    return untold;
  }
}
