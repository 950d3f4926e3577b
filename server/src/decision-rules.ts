import { crossLevels, defaultRules } from './alerts/cross-levels.js';
import type { Catalog } from './catalog/catalog.js';
import { nextUuid } from './kit/next-uuid.js';
import type { DecisionRules } from './ledger/core/rules.js';

/** The ledger's decisions with the rules of the words to its right: the one place where they are put together. */
export function createDecisionRules(
  catalog: () => Catalog,
  reach: DecisionRules['reach'] = () => Promise.resolve(),
): DecisionRules {
  return { catalog, reach, crossLevels, defaultLevels: defaultRules, nextId: nextUuid };
}
