import { objectFromText } from '../../kit/format-version.js';
import type { CreditType } from '../../catalog/catalog.js';
import type { AnsweringKind, Refusal } from './outcome.js';

/** What is kept of an answer: figures as they were, and ids of what is shown as it is when the answer is repeated. */
export type Kept =
  | { readonly k: 'reservation' }
  /** `same`: nothing was written, since what was asked for was so already. */
  | { readonly k: 'row'; readonly of: AnsweringKind; readonly id: string; readonly same?: true | undefined }
  | { readonly k: 'plan'; readonly effectiveAt: number; readonly same?: true }
  | { readonly k: 'topUp'; readonly creditType: CreditType; readonly purchaseId: string | null; readonly same?: true }
  | { readonly k: 'refused'; readonly refusal: KeptRefusal; readonly holdIds?: readonly string[] };
type KeptRefusal =
  | Exclude<Refusal, { kind: 'ReservationClosed' | 'IdempotencyConflict' }>
  | Omit<Extract<Refusal, { kind: 'ReservationClosed' }>, 'reservation'>;

/** The usual answer, kept in one letter. */
export const RESERVATION = 'r';

/** The first version had no rows but grants. */
type FirstKept =
  | Exclude<Kept, { k: 'row' | 'plan' | 'topUp' }>
  | { readonly k: 'granted'; readonly grantId: string; readonly same?: true };

/** Readers of kept answers, one for each version. */
const ANSWERS: readonly ((kept: never) => Kept)[] = [
  (kept: FirstKept) => (kept.k === 'granted' ? { k: 'row', of: 'grants', id: kept.grantId, same: kept.same } : kept),
  (kept: Extract<Kept, { k: 'row' | 'plan' }>) => kept,
  (kept: Extract<Kept, { k: 'topUp' }>) => kept,
];
/** Readers of the inputs beside them, one for each version. */
const INPUTS: readonly ((kept: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>)[] = [
  (kept) => kept,
];

/**
 * The text under which a row is kept as the answer. Grants are kept in the first version, as they always were.
 *
 * @param wrote  whether an entry group was written for it
 */
export function rowToText(of: AnsweringKind, id: string, wrote: boolean): string {
  const same = wrote ? {} : ({ same: true } as const);
  return JSON.stringify(of === 'grants' ? { k: 'granted', grantId: id, ...same } : { v: 2, k: 'row', of, id, ...same });
}

/** The text under which the answer to a change of the plan is kept. @param wrote  as in `rowToText` */
export function planToText(effectiveAt: number, wrote: boolean): string {
  return JSON.stringify({ v: 2, k: 'plan', effectiveAt, ...(wrote ? {} : { same: true }) });
}

/** The text under which it is kept how auto top-up was set. @param wrote  as in `rowToText` */
export function topUpToText(creditType: CreditType, purchaseId: string | null, wrote: boolean): string {
  return JSON.stringify({ v: 3, k: 'topUp', creditType, purchaseId, ...(wrote ? {} : { same: true }) });
}

/** The answer that a text of the journal keeps, whichever version wrote it. */
export function answerFromText(text: string): Kept {
  return text === RESERVATION ? { k: 'reservation' } : objectFromText('answers under keys', text, ANSWERS);
}

/** The input that a text of the journal keeps, field by field. */
export function inputFromText(text: string): Readonly<Record<string, unknown>> {
  return objectFromText('inputs under keys', text, INPUTS);
}
