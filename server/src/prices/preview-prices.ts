import { MAX_CREDITS } from '@aibc/shared/amounts';
import type pg from 'pg';
import { readAccountId } from '../accounts/account-id.js';
import { dayRange, type TimeRange } from '../accounts/periods.js';
import { assertScope, type Caller } from '../auth/caller.js';
import type { HeavyReads } from '../auth/heavy-reads.js';
import { type Catalog, type Operation, priceListAt } from '../catalog/catalog.js';
import type { PriceClock } from '../catalog/price-gate.js';
import { badUserInput } from '../kit/errors.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import { unlistedOperation } from '../ledger/graph/show-reservation.js';
import { readSpan } from '../usage/read-usage.js';
import { findInvalidPrices, type NewPrice, readPrices } from './check-prices.js';
import { previewPriceList, type PreviewReach, type PricePreview } from './preview-price-list.js';
import type { PreviewPriceListInput, PriceListPreview, PriceListPreviewRow } from './prices.types.js';
import type { RepricedOperation } from './reprice-lines.js';
import { sideOfPrices } from './side-of-prices.js';

const DAY_MS = 86_400_000;
const LAST_DAY = Date.UTC(9999, 11, 31);

export interface PreviewPricesDeps {
  /** The pool of heavy reads. */
  readonly reports: pg.Pool;
  readonly heavyReads: HeavyReads;
  readonly accounts: AccountReader;
  readonly priceClock: () => Promise<PriceClock>;
  /** The catalogue with all instants, once it knows the price list of a version that the database was seen to have. */
  readonly reach: (version: number) => Promise<Catalog>;
}

/** Previews of price lists for callers, from input to what is shown. */
export class PreviewPrices {
  constructor(private readonly deps: PreviewPricesDeps) {}

  /**
   * What costs would have made of what was committed.
   *
   * @param caller  an operator
   * @throws NOT_FOUND, FORBIDDEN without `prices:write`, BAD_USER_INPUT, RATE_LIMITED
   */
  async read(caller: Caller, input: PreviewPriceListInput): Promise<PriceListPreview> {
    const asked = readPrices(input.prices);
    const { from, to } = readSpan(input.from, input.to);
    const accountId = input.accountId ? readAccountId(input.accountId, 'accountId') : null;
    const { reach, range, sandbox } = await this.#reachOf(caller, accountId, input.sandbox, from, to);
    const invalid = findInvalidPrices(asked);
    if (invalid !== null) throw badUserInput(invalid.field, invalid.message);
    const { now, newestList } = await this.deps.priceClock();
    const catalog = await this.deps.reach(newestList);
    const known = operationsOf(catalog, sandbox, now);
    const costs = readCosts(asked, known);
    const preview = await this.deps.heavyReads.run(caller, () =>
      previewPriceList(this.deps.reports, reach, range, costs),
    );
    return showPreview(preview, known);
  }

  async #reachOf(
    caller: Caller,
    accountId: string | null,
    asked: boolean,
    from: string,
    to: string,
  ): Promise<{ readonly reach: PreviewReach; readonly range: TimeRange; readonly sandbox: boolean }> {
    if (accountId !== null) {
      const { state } = await this.deps.accounts.read(caller, accountId, 'prices:write');
      return { reach: { accountId }, range: rangeOf(from, to, state.timeZone), sandbox: state.sandbox };
    }
    assertScope(caller, 'prices:write');
    const sandbox = sideOfPrices(caller, asked);
    // Days of accounts in other time zones begin up to a day earlier or later.
    const days = [besides(from, -1), besides(to, 1)] as const;
    return { reach: { sandbox, days }, range: rangeOf(from, to, 'UTC'), sandbox };
  }
}

function rangeOf(from: string, to: string, timeZone: string): TimeRange {
  return { start: dayRange(from, timeZone).start, end: dayRange(to, timeZone).end };
}

function besides(day: string, days: number): string {
  return new Date(Math.min(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS, LAST_DAY)).toISOString().slice(0, 10);
}

/** Every operation that a side's lists have ever had, as it is now or was last, in the order of the catalogue. */
function operationsOf(catalog: Catalog, sandbox: boolean, now: number): ReadonlyMap<string, Operation> {
  const present = priceListAt(catalog, now, sandbox).operations;
  const past = catalog.priceLists.filter((list) => list.sandbox !== !sandbox).map(({ operations }) => [...operations]);
  return new Map([...present, ...past.flat().filter(([code]) => !present.has(code))]);
}

/** @throws BAD_USER_INPUT naming an operation that was never sold on that side */
function readCosts(prices: readonly NewPrice[], known: ReadonlyMap<string, Operation>): ReadonlyMap<string, number> {
  return new Map(
    prices.map(({ operation, credits }, index) => {
      if (!known.has(operation))
        throw badUserInput(`prices[${index}].operation`, `There is no operation ${operation}.`);
      return [operation, credits];
    }),
  );
}

function showPreview({ accounts, byOperation }: PricePreview, known: ReadonlyMap<string, Operation>): PriceListPreview {
  const inOrder = [...known.keys()].filter((code) => byOperation.has(code));
  const others = [...byOperation.keys()].filter((code) => !known.has(code)).sort();
  const rows = [...inOrder, ...others].map((code) =>
    showRow(byOperation.get(code) as RepricedOperation, known.get(code)),
  );
  const creditsWith = [...byOperation.values()].reduce((sum, one) => sum + one.creditsWith, 0n);
  if (creditsWith > BigInt(MAX_CREDITS))
    throw badUserInput('prices', 'At these costs it would have been more credits than can be counted (2^53-1).');
  return {
    operations: rows.reduce((sum, { operations }) => sum + operations, 0),
    creditsThen: rows.reduce((sum, { creditsThen }) => sum + creditsThen, 0),
    creditsWith: Number(creditsWith),
    accounts,
    rows,
  };
}

function showRow(
  { operations, creditsThen, creditsWith, example }: RepricedOperation,
  operation: Operation | undefined,
): PriceListPreviewRow {
  return {
    operation: operation ?? unlistedOperation(example.after, example.reservation),
    operations,
    creditsThen,
    creditsWith: Number(creditsWith),
  };
}
