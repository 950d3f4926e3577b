import type { CreditType } from './catalog.js';

/** What a quote promises: these units at these prices, for this account, until `expiresAt`. */
export interface QuotePayload {
  /** A uuid with dashes. */
  readonly accountId: string;
  readonly priceListVersion: number;
  readonly creditType: CreditType;
  readonly lines: readonly (readonly [operation: string, quantity: number, unitCredits: number])[];
  readonly total: number;
  /** Epoch milliseconds; at this instant it is expired. */
  readonly expiresAt: number;
}
