import { crossLevels, defaultRules, startRules } from './alerts/cross-levels.js';
import type { Catalog } from './catalog/catalog.js';
import { nextUuid } from './kit/next-uuid.js';
import type { DecisionRules } from './ledger/core/rules.js';

/** Gives the ledger's decisions the rules of `alerts/`, which the ledger's folder may not import. The only place that does. */
export function createDecisionRules(
  catalog: () => Catalog,
  reach: DecisionRules['reach'] = () => Promise.resolve(),
): DecisionRules {
  return { catalog, reach, crossLevels, defaultLevels: defaultRules, startLevels: startRules, nextId: nextUuid };
}
