import type { CreditType, PlanCode } from '../../../catalog/catalog.js';
import type { TopUpOff } from '../billing.js';
import type { SpendAnomaly } from '../spending.js';
import type { BalanceView, LevelName, Period } from '../state.js';

/** What a period change did. */
export interface PeriodReset {
  readonly period: Period;
  readonly forfeited: number;
  readonly rolledOver: number;
  readonly granted: number;
  readonly nextResetAt: number;
}

/** Everything that an event of some type may say, under the names that the API has for it. A type's facts are some of these. */
export interface EventFacts {
  readonly level?: LevelName;
  readonly threshold?: number;
  readonly credits?: number;
  /** GRANT_EXPIRING: how many times 24 hours before the end. */
  readonly days?: number;
  /** Ids of what it is about. */
  readonly reservationId?: string | null;
  readonly grantId?: string;
  readonly purchaseId?: string;
  readonly reset?: PeriodReset;
  readonly plan?: PlanCode;
  readonly planBefore?: PlanCode;
  readonly budgetId?: string;
  readonly budgetName?: string;
  readonly anomaly?: SpendAnomaly;
  /** Why auto top-up is off; the sentence says it. */
  readonly because?: TopUpOff;
}

/** What every event says, whatever its type. `balance` is as it was right after the group that made it. */
export interface EventBase {
  readonly accountId: string;
  readonly version: number;
  readonly ordinal: number;
  readonly creditType: CreditType;
  readonly at: number;
  readonly balance: BalanceView;
  readonly sandbox: boolean;
}

/** A type of event. Each lies in its file of this folder, all of them in the table of `events.ts`. */
export interface EventKind<F extends EventFacts> {
  /** What an event of this type means, in one sentence, as the API's schema says it. */
  readonly means: string;
  /** What happened, in one sentence for a person. */
  describe(facts: F, event: EventBase): string;
  /** Readers of facts as they are kept, one for each version of their format, the oldest first. Source: docs/upgrades.md */
  readonly formats: readonly ((kept: never) => F)[];
}

/** Facts that are read as they were written. */
export function asKept<F>(kept: F): F {
  return kept;
}
