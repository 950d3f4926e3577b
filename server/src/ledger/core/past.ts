import type { CreditType } from '../../catalog/catalog.js';

/*
 * What groups write of an account's past beside their entries: what no entry says. Rows are written once and never change.
 */

/** How many credits of a type wait from a version on: written by the groups that change it, which are few. */
export interface WaitingCredits {
  readonly accountId: string;
  readonly creditType: CreditType;
  readonly version: number;
  readonly waiting: number;
}
