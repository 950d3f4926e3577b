import type * as catalog from './catalog.js';
import type { PriceList } from './catalog.types.js';

/** A price list as the API shows it. */
export function showPriceList({ version, effectiveAt, operations }: catalog.PriceList): PriceList {
  return { version, effectiveAt, operations: [...operations.values()] };
}
