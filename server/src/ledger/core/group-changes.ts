import type { Changes } from './changed-state.js';
import type { AccountState } from './state.js';

/** What a decision may change on an account's head beside its credits. */
export type GroupChanges = Changes<
  Omit<
    AccountState,
    | 'id'
    | 'sandbox'
    | 'plan'
    | 'timeZone'
    | 'clockAt'
    | 'version'
    | 'changedAt'
    | 'operations'
    | 'dueAt'
    | 'credits'
    | 'projectsDay'
    | 'projectsDayVersion'
    | 'spending'
  >
>;
