import type { Feature, OperationType } from '../../catalog/catalog.js';

/** How a line came to a hold that was open already. */
export interface AddedLine {
  /** The account version that added it. */
  readonly version: number;
  /** The price list that it was priced on. */
  readonly priceListVersion: number;
}

/** A priced line as it was reserved. `committed` is filled in order; `done` counts operations told as done. */
export interface ReservationLine {
  readonly operation: string;
  readonly name: string;
  readonly feature: Feature;
  readonly type: OperationType;
  readonly quantity: number;
  readonly unitCredits: number;
  readonly credits: number;
  readonly committed: number;
  readonly done: number;
  /** Null: the reservation was opened with it, on the reservation's price list. Added lines come after those. */
  readonly added: AddedLine | null;
}
