import type { LevelName } from '../state.js';

/** What is said of a balance at a level: `the very low mark`. */
export const LEVEL_WORDS: Readonly<Record<LevelName, string>> = { LOW: 'low', CRITICAL: 'very low', EMPTY: 'empty' };

/** What the crossing of a low-balance rule says. */
export interface LevelFacts {
  readonly level: LevelName;
  /** The credits at or below which the rule fires. */
  readonly threshold: number;
  /** The reservation whose hold or end crossed it; null: something else did. */
  readonly reservationId: string | null;
}
