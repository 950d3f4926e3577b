import { LINES_MAX, TEXT_LENGTH_MAX } from '@aibc/shared/amounts';
import { checkStorable, checkVisible, composed, isAtMost } from '../kit/check-text.js';
import { badUserInput } from '../kit/errors.js';
import { grouped } from '../kit/grouped.js';
import type { Refusal } from '../ledger/core/outcome.js';

/** The most that one operation may cost. */
const COST_CREDITS_MAX = 1_000_000_000;

type InvalidAmount = Extract<Refusal, { kind: 'InvalidAmount' }>;

/** What an operation is to cost, in credits a unit. */
export interface NewPrice {
  readonly operation: string;
  readonly credits: number;
}

/** Codes as they can be looked for. @throws BAD_USER_INPUT naming a malformed one */
export function readPrices(prices: readonly NewPrice[]): NewPrice[] {
  return prices.map(({ operation, credits }, index) => {
    const field = `prices[${index}].operation`;
    checkStorable(field, operation);
    if (operation === '' || !isAtMost(operation, TEXT_LENGTH_MAX))
      throw badUserInput(field, `${field} must have 1 to ${TEXT_LENGTH_MAX} characters.`);
    checkVisible(field, operation);
    return { operation, credits };
  });
}

/** A note in NFC; empty and absent are the same. @throws BAD_USER_INPUT for what cannot be seen */
export function readPublicationNote(text: string | null | undefined): string | null {
  if (text === null || text === undefined || text === '') return null;
  const note = composed(text);
  checkVisible('note', note);
  return note;
}

/** What the input alone shows to be out of range: 1 to 100 operations, each once, 0 to 1,000,000,000 credits. */
export function findInvalidPrices(prices: readonly NewPrice[], note: string | null = null): InvalidAmount | null {
  if (prices.length < 1 || prices.length > LINES_MAX)
    return {
      kind: 'InvalidAmount',
      field: 'prices',
      min: 1,
      max: LINES_MAX,
      message: `Give 1 to ${LINES_MAX} prices, not ${grouped(prices.length)}.`,
    };
  const named = new Set<string>();
  for (const [index, { operation, credits }] of prices.entries()) {
    if (named.has(operation))
      return {
        kind: 'InvalidAmount',
        field: `prices[${index}].operation`,
        message: `${operation} is named twice: give each operation one price.`,
      };
    named.add(operation);
    if (credits < 0 || credits > COST_CREDITS_MAX)
      return {
        kind: 'InvalidAmount',
        field: `prices[${index}].credits`,
        min: 0,
        max: COST_CREDITS_MAX,
        message: `An operation costs 0 to ${grouped(COST_CREDITS_MAX)} credits, not ${grouped(credits)}.`,
      };
  }
  if (note !== null && !isAtMost(note, TEXT_LENGTH_MAX))
    return { kind: 'InvalidAmount', field: 'note', message: `note has at most ${TEXT_LENGTH_MAX} characters.` };
  return null;
}
