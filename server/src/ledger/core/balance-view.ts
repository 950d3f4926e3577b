import type { CreditType } from '../../catalog/catalog.js';

export type LevelName = 'LOW' | 'CRITICAL' | 'EMPTY';

/** A balance as callers see it: a pure function of the account's version. */
export interface BalanceView {
  readonly accountId: string;
  readonly creditType: CreditType;
  readonly available: number;
  readonly held: number;
  readonly used: number;
  readonly allowance: number;
  readonly allowanceLeft: number;
  readonly purchased: number;
  readonly promotional: number;
  readonly waiting: number;
  readonly level: 'OK' | LevelName;
  readonly nextResetAt: number;
  readonly version: number;
  readonly asOf: number;
}
