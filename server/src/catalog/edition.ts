import type { CreditPack, Operation, Plan } from './catalog.js';

/** An operation that an edition brings, with its first price. What is left out: no size, STANDARD, in every plan, no courtesy. */
export type NewOperation = Pick<Operation, 'code' | 'name' | 'feature' | 'type' | 'description' | 'credits'> &
  Partial<Pick<Operation, 'size' | 'creditType' | 'requires' | 'courtesyPerDay'>> & {
    /** Shown behind this older operation; left out: behind all. */
    readonly after?: string;
  };

/**
 * What one version of the program adds to the catalogue or changes in it, as a difference to what is there.
 *
 * An edition that was released never changes; what is to be different comes in the next one. It says only what is new: what it does not
 * name keeps its price, also one that was set in a database after the edition was written.
 * Source: docs/decisions/editions.md
 */
export interface Edition {
  /** 1, 2, 3 and so on, without a gap. */
  readonly number: number;
  /** Operations that no edition before has. */
  readonly operations?: readonly NewOperation[];
  /** New prices of older operations, in credits a unit, by code; null: not sold any more. */
  readonly prices?: Readonly<Record<string, number | null>>;
  /** Plans as they are from now on, each whole. */
  readonly plans?: readonly Plan[];
  /** Packs as they are from now on, each whole. */
  readonly packs?: readonly Omit<CreditPack, 'rank'>[];
}
