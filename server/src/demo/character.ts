import type { DemoAccounts } from '../auth/demo-session.js';
import type { CreditType, PlanCode } from '../catalog/catalog.js';
import type { GrantSource, WorkOutcome } from '../ledger/core/state.js';

/** An instant of a month, told from the account's creation, its reset or the day of the demo; days may be fractions. */
export type Mark = readonly [from: 'start' | 'reset' | 'end', days: number];

/** Work that was done so many times, each time so many of one operation. */
export interface Work {
  readonly operation: string;
  readonly times: number;
  readonly quantity: number;
  /** How many of the quantity were finished, when not all. */
  readonly finished: number | null;
  /** How it ended; EXPIRED: nobody said so, and the hold ran out. */
  readonly ending: WorkOutcome | 'RELEASED' | 'EXPIRED';
  /** At most once a day, on working days: for what a day allows a few times only. */
  readonly daily: boolean;
}

/** A stretch of the month with its work, spread over working hours. */
export interface Stage {
  readonly from: Mark;
  readonly to: Mark;
  readonly works: readonly Work[];
}

/** Credits an operator gave. */
export interface Gift {
  readonly at: Mark;
  readonly credits: number;
  readonly creditType: CreditType;
  readonly source: GrantSource;
  readonly expiresAt: Mark | null;
  readonly reason: string;
}

/** Work under way when the demo begins: a batch of which some are finished and the rest is still on hold. */
export interface OpenBatch {
  readonly at: Mark;
  readonly operation: string;
  readonly quantity: number;
  readonly finished: number;
}

/** An account of the demo, and what its people did in the month before. */
export interface DemoCharacter {
  readonly role: keyof DemoAccounts;
  readonly externalId: string;
  readonly name: string;
  readonly plan: PlanCode;
  readonly timeZone: string;
  /** How far its current period is when the demo begins. */
  readonly daysIntoPeriod: number;
  /** Between the beginnings of two works, so that a small balance never waits for its own holds. */
  readonly gapMinutes: number;
  /** Who works, the busiest first. */
  readonly members: readonly string[];
  readonly projects: readonly string[];
  readonly gifts: readonly Gift[];
  readonly stages: readonly Stage[];
  readonly openBatch: OpenBatch | null;
}
