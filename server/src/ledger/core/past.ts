import { CREDIT_TYPES, type CreditType, type PlanCode } from '../../catalog/catalog.js';
import type { AccountState, CreditState, Entry } from './state.js';

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

/**
 * A period that ended, written by the group that opened its successor. What closes at its end belongs to it, its successor's grants and
 * all that follows belong to the successor; what it says is as of that place between two rows of the journal.
 */
export interface ClosedPeriod {
  readonly accountId: string;
  readonly number: number;
  /** `[start, end)`, epoch ms; it may have ended before its boundary. */
  readonly start: number;
  readonly end: number;
  /** In force when it ended. */
  readonly plan: PlanCode;
  /** The first row of the journal that is its successor's. */
  readonly version: number;
  readonly ordinal: number;
  /** Operations done since the account was created. */
  readonly standardOperations: number;
  readonly scanOperations: number;
}

const NONE: readonly never[] = [];

/** What waits after a group, of the types of which something else waited before: nothing for most groups. */
export function waitingOf(
  { id, credits }: AccountState,
  touched: Readonly<Partial<Record<CreditType, CreditState>>>,
  version: number,
): readonly WaitingCredits[] {
  let changed: readonly WaitingCredits[] = NONE;
  for (const creditType of CREDIT_TYPES) {
    const waiting = touched[creditType]?.waiting;
    if (waiting !== undefined && waiting !== credits[creditType].waiting)
      changed = [...changed, { accountId: id, creditType, version, waiting }];
  }
  return changed;
}

/**
 * The period that a group ends by opening the next. What it lets expire is the old one's still; from its first grant on all is the
 * next one's.
 *
 * @param before  the account as the group found it
 * @param after  as it leaves it
 */
export function closePeriod(before: AccountState, entries: readonly Entry[], after: AccountState): ClosedPeriod {
  const { period, operations } = before;
  const granted = entries.findIndex(({ kind }) => kind === 'GRANT');
  return {
    accountId: before.id,
    number: period.number,
    start: period.start,
    end: after.period.start,
    plan: before.plan,
    version: after.version,
    ordinal: granted < 0 ? entries.length : granted,
    standardOperations: operations.STANDARD,
    scanOperations: operations.SCAN,
  };
}
