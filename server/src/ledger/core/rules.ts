import { type Catalog, catalogAt, type PriceList, priceListAt } from '../../catalog/catalog.js';
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

/** A low-balance rule as it is asked for: a percent or an amount. */
export type AskedLevel = Pick<LevelRule, 'level' | 'percent' | 'credits'>;

/**
 * What decisions are given from outside: the catalogue, the rules for low balances (from `alerts/`) and new ids. `decision-rules.ts` puts them
 * together.
 */
export interface DecisionRules {
  readonly catalog: () => Catalog;
  /** Resolves once `catalog` knows the price list of a version that the database was seen to have. */
  readonly reach: (version: number) => Promise<unknown>;
  readonly defaultLevels: (base: number) => readonly LevelRule[];
  /** Rules that begin now: fired where their threshold is at or above what is available. */
  readonly startLevels: (asked: readonly AskedLevel[], base: number, available: number) => readonly LevelRule[];
  readonly crossLevels: (
    rules: readonly LevelRule[],
    before: { readonly available: number },
    after: { readonly available: number; readonly held: number },
    cheapest: number,
    cause: { readonly start: boolean },
  ) => LevelChange;
  readonly nextId: () => string;
}

/** One decision's surroundings: the instant on the account's clock, and what is sold at which prices. */
export interface DecisionContext {
  readonly now: number;
  readonly catalog: Catalog;
  /** The price list in force for the account. */
  readonly prices: PriceList;
  readonly rules: DecisionRules;
}

/**
 * What is sold to an account at an instant, and at which prices.
 *
 * Live accounts go by their instant, sandbox ones by the database's clock: a new operation can be tried at once, whatever a test clock
 * says, and moving a test clock never leads to prices of a list that may still be replaced.
 *
 * @param now  the account's instant, epoch ms
 * @param databaseNow  the database's clock, epoch ms
 * Source: docs/domain.md, Catalogue
 */
export function pricedAt(
  catalog: Catalog,
  sandbox: boolean,
  now: number,
  databaseNow: number,
): Pick<DecisionContext, 'catalog' | 'prices'> {
  const at = sandbox ? databaseNow : now;
  return { catalog: catalogAt(catalog, at), prices: priceListAt(catalog, at, sandbox) };
}

/** The surroundings of a decision over an account, or over one that is being opened; instants as in `pricedAt`. */
export function contextAt(rules: DecisionRules, sandbox: boolean, now: number, databaseNow: number): DecisionContext {
  const { catalog, prices } = pricedAt(rules.catalog(), sandbox, now, databaseNow);
  return { now, catalog, prices, rules };
}
