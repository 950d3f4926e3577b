import type { AuditEntry, Deed } from '../../audit/actions.js';
import type { DecisionContext } from './rules.js';
import type { AccountState } from './state.js';

const NONE: readonly never[] = [];

/** What the audit log is told of the deeds of a group: by whom, and when by the account's own time. */
export function auditsOf(
  deeds: readonly Deed[],
  { id: accountId, sandbox }: AccountState,
  actor: string,
  { now: at, rules }: DecisionContext,
): readonly AuditEntry[] {
  if (deeds.length === 0) return NONE;
  return deeds.map(({ action, facts }) => ({ accountId, id: rules.nextId(), sandbox, action, actor, at, facts }));
}
