import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import type { AccountState, CreditState } from './state.js';

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

/** Nothing for most groups: on a paid plan that is paid, nothing waits. */
const NONE: readonly never[] = [];

/**
 * How much waits from a group on, of each credit type of which that changes.
 *
 * @param touched  credits as the group leaves them, of the types that it touched
 */
export function waitingOf(
  head: AccountState,
  touched: Readonly<Partial<Record<CreditType, CreditState>>>,
  version: number,
): readonly WaitingCredits[] {
  let changed: readonly WaitingCredits[] = NONE;
  for (const creditType of CREDIT_TYPES) {
    const waiting = touched[creditType]?.waiting;
    if (waiting !== undefined && waiting !== head.credits[creditType].waiting)
      changed = [...changed, { accountId: head.id, creditType, version, waiting }];
  }
  return changed;
}
