import { formatId } from '@aibc/shared/ids';
import type { Account } from '../../accounts/accounts.types.js';
import { readPlan } from '../../catalog/catalog.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { AccountState } from '../core/state.js';

/** An account as it was read: what is written of it, and the instant on its clock. Nothing of it is due. */
export interface AccountSnapshot {
  readonly state: AccountState;
  /** Public id of the history that the state was read in. */
  readonly history: string;
  /** The account's own now, epoch milliseconds. */
  readonly now: number;
  /** The database's clock when it was read, epoch milliseconds. */
  readonly databaseNow: number;
  /** The highest version of a price list that the database had when it was read. */
  readonly newestList: number;
  readonly name: string;
  readonly externalId: string | null;
}

/** An account as the API shows it, with the state that its other fields are answered from: one read, one version. */
export interface ShownAccount extends Account {
  readonly snapshot: AccountSnapshot;
}

export function showAccount(catalog: Catalog, snapshot: AccountSnapshot): ShownAccount {
  const { state, now, name, externalId } = snapshot;
  return {
    id: formatId('acct', state.id),
    externalId,
    name,
    plan: readPlan(catalog, state.plan),
    nextPlan: state.nextPlan === null ? null : readPlan(catalog, state.nextPlan),
    timeZone: state.timeZone,
    sandbox: state.sandbox,
    now,
    period: state.period,
    snapshot,
  };
}
