import { objectFromText } from '../kit/format-version.js';
import type { Refusal } from '../ledger/core/outcome.js';
import type { NewPrice } from './check-prices.js';

/** What a publication is asked for: with its key, all that a repeated one has to say again. */
export interface PublicationInput {
  readonly sandbox: boolean;
  /** Epoch milliseconds; null: now. */
  readonly effectiveAt: number | null;
  /** In the order of their codes. */
  readonly prices: readonly NewPrice[];
  readonly note: string | null;
}

/** What a publication came to. */
export type PublicationOutcome =
  | { readonly kind: 'published'; readonly version: number }
  | Extract<Refusal, { readonly kind: 'OperationUnknown' | 'InvalidAmount' }>;

/** Readers of what is kept, one for each version, the oldest first. Source: docs/upgrades.md */
const INPUTS: readonly ((kept: never) => PublicationInput)[] = [(kept) => kept];
const OUTCOMES: readonly ((kept: never) => PublicationOutcome)[] = [(kept) => kept];

/** Fields in one order, so that equal inputs are equal texts. */
export function publicationText({ sandbox, effectiveAt, prices, note }: PublicationInput): string {
  return JSON.stringify({ sandbox, effectiveAt, prices, note });
}

/** The fields in which a key's first input differs from this one. */
export function differingInput(kept: string, now: PublicationInput): string[] {
  if (kept === publicationText(now)) return [];
  const first = objectFromText('inputs of publications', kept, INPUTS);
  return (['effectiveAt', 'prices', 'note'] as const).filter(
    (field) => JSON.stringify(first[field]) !== JSON.stringify(now[field]),
  );
}

export function outcomeText(outcome: PublicationOutcome): string {
  return JSON.stringify(outcome);
}

export function outcomeFromText(kept: string): PublicationOutcome {
  return objectFromText('outcomes of publications', kept, OUTCOMES);
}
