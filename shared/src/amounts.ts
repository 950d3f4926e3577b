/** The largest amount of credits that any field carries. Source: docs/domain.md, Amounts. */
export const MAX_CREDITS = Number.MAX_SAFE_INTEGER;

/** The most credits one grant may have. Source: docs/domain.md, Amounts. */
export const GRANT_CREDITS_MAX = 1_000_000_000_000;

/** The most unspent credits one account may have. Source: docs/domain.md, Amounts. */
export const ACCOUNT_UNSPENT_CREDITS_MAX = 1_000_000_000_000_000;

/** The most lines a list of operations may have; the fewest is 1. Source: docs/domain.md, Amounts. */
export const LINES_MAX = 100;

/** The most of one operation a line may ask for; the fewest is 1. Source: docs/domain.md, Amounts. */
export const LINE_QUANTITY_MAX = 10_000;

/** The longest `project`, `reference` or name. Source: docs/domain.md, Amounts. */
export const TEXT_LENGTH_MAX = 200;

/**
 * The dearest price of one unit of an operation.
 *
 * With it the longest allowed list (`LINES_MAX` x `LINE_QUANTITY_MAX`) still has a total below `MAX_CREDITS`.
 */
export const UNIT_CREDITS_MAX = 9_000_000_000;

/**
 * Whether a value is an amount of credits: a whole number from 0 to `MAX_CREDITS`.
 *
 * False for fractions, negatives, NaN, infinities and everything that is not a number: such amounts are refused, never rounded.
 * Source: docs/domain.md, Amounts
 */
export function isCredits(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Items on a page of a list, at most. */
export const PAGE_FIRST_MAX = 100;
