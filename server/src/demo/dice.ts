import { createHash } from 'node:crypto';

/** Chance that is the same every time: it follows from its seed alone. */
export interface Dice {
  /** From 0, below 1. */
  next(): number;
  /** One of a list that is not empty, the likelier the heavier. */
  weighted<T>(items: readonly T[], weightOf: (item: T, place: number) => number): T;
  /** Throws until what comes is good; after 40 throws it takes the other. */
  until<T>(throwOnce: () => T, isGood: (thrown: T) => boolean, orElse: () => T): T;
}

const THROWS_MAX = 40;

/** Dice for a seed (mulberry32). */
export function createDice(seed: string): Dice {
  let state = createHash('sha256').update(seed).digest().readUInt32LE(0);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    weighted<T>(items: readonly T[], weightOf: (item: T, place: number) => number): T {
      const total = items.reduce((sum, item, place) => sum + weightOf(item, place), 0);
      let left = next() * total;
      for (const [place, item] of items.entries()) {
        left -= weightOf(item, place);
        if (left < 0) return item;
      }
      return items.at(-1) as T;
    },
    until<T>(throwOnce: () => T, isGood: (thrown: T) => boolean, orElse: () => T): T {
      for (let throws = 0; throws < THROWS_MAX; throws += 1) {
        const thrown = throwOnce();
        if (isGood(thrown)) return thrown;
      }
      return orElse();
    },
  };
}
