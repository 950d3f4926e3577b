/** A price list as it is written: whole, with every price. */
export interface PlannedList {
  /** Epoch milliseconds. */
  readonly effectiveAt: number;
  /** True: prices of sandbox accounts; false: of live ones; null: of both. */
  readonly sandbox: boolean | null;
  /** Credits a unit by operation code. */
  readonly prices: ReadonlyMap<string, number>;
}

/** New prices by operation code, in credits a unit; null: not sold any more. */
export type PriceChange = ReadonlyMap<string, number | null>;

/** A list that is there already. */
export interface WrittenList extends PlannedList {
  readonly version: number;
}

/**
 * The lists to write so that some prices are others from an instant on and all other prices stay what they were or were to become.
 *
 * One list for the instant, and one again for each later instant for which a list is there already: it says what that list changed, over
 * what changes now. Of two lists for one instant the later written is in force. Where both sides have the same lists they stay together;
 * else each gets its own.
 *
 * @param lists  all that are there, in any order
 * @param effectiveAt  epoch milliseconds
 * @returns in the order in which they are to be written
 * Source: docs/domain.md, Catalogue; docs/decisions/editions.md
 */
export function planPriceLists(
  lists: readonly WrittenList[],
  change: PriceChange,
  effectiveAt: number,
): readonly PlannedList[] {
  const live = listsOf(lists, false);
  const sandbox = listsOf(lists, true);
  if (lists.every((list) => list.sandbox === null)) return planSide(live, change, effectiveAt, null);
  return [...planSide(live, change, effectiveAt, false), ...planSide(sandbox, change, effectiveAt, true)];
}

/**
 * The same for one side alone, whatever it had in common with the other.
 *
 * @param sandbox  the side
 */
export function planSidePriceLists(
  lists: readonly WrittenList[],
  change: PriceChange,
  effectiveAt: number,
  sandbox: boolean,
): readonly PlannedList[] {
  return planSide(listsOf(lists, sandbox), change, effectiveAt, sandbox);
}

/** The list of a side that is in force at an instant; before the first one, the first. */
export function priceListInForce(lists: readonly WrittenList[], at: number, sandbox: boolean): WrittenList | undefined {
  const ofSide = listsOf(lists, sandbox);
  return ofSide.findLast((list) => list.effectiveAt <= at) ?? ofSide[0];
}

/** The lists of a side that are ever in force, in the order in which they are. */
function listsOf(lists: readonly WrittenList[], sandbox: boolean): readonly WrittenList[] {
  return lists
    .filter((list) => list.sandbox !== !sandbox)
    .sort((a, b) => a.effectiveAt - b.effectiveAt || a.version - b.version)
    .filter((list, index, all) => all[index + 1]?.effectiveAt !== list.effectiveAt);
}

function planSide(
  lists: readonly WrittenList[],
  change: PriceChange,
  effectiveAt: number,
  sandbox: boolean | null,
): readonly PlannedList[] {
  let before = lists.findLast((list) => list.effectiveAt <= effectiveAt) ?? lists[0];
  let prices = changed(before?.prices ?? new Map<string, number>(), change);
  const planned: PlannedList[] = [{ effectiveAt, sandbox, prices }];
  for (const list of lists) {
    if (list === before || list.effectiveAt <= effectiveAt) continue;
    prices = changed(prices, differenceOf(before?.prices ?? new Map<string, number>(), list.prices));
    planned.push({ effectiveAt: list.effectiveAt, sandbox, prices });
    before = list;
  }
  return planned;
}

function changed(prices: ReadonlyMap<string, number>, change: PriceChange): ReadonlyMap<string, number> {
  const next = new Map(prices);
  for (const [code, credits] of change) {
    if (credits === null) next.delete(code);
    else next.set(code, credits);
  }
  return next;
}

function differenceOf(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): PriceChange {
  const codes = new Set([...before.keys(), ...after.keys()]);
  return new Map(
    [...codes]
      .filter((code) => before.get(code) !== after.get(code))
      .map((code): [string, number | null] => [code, after.get(code) ?? null]),
  );
}
