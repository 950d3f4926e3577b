import type { Catalog } from '../../catalog/catalog.js';
import type { LevelName, LevelRule } from './state.js';

/** What a movement did to an account's low-balance rules; the same array when no rule changed. */
export interface LevelChange {
  readonly rules: readonly LevelRule[];
  readonly event: {
    readonly type: 'BALANCE_LOW' | 'BALANCE_RECOVERED';
    readonly level: LevelName;
    readonly threshold: number;
  } | null;
}

/** Rules of other words that a decision needs, given to it where the program is put together, and the source of new ids. */
export interface DecisionRules {
  readonly catalog: () => Catalog;
  readonly defaultLevels: (base: number) => readonly LevelRule[];
  readonly crossLevels: (
    rules: readonly LevelRule[],
    before: { readonly available: number },
    after: { readonly available: number; readonly held: number },
    cheapest: number,
    cause: { readonly start: boolean },
  ) => LevelChange;
  readonly nextId: () => string;
}

/** One decision's surroundings: the catalogue as it is and the instant on the account's clock. */
export interface DecisionContext {
  readonly now: number;
  readonly catalog: Catalog;
  readonly rules: DecisionRules;
}
