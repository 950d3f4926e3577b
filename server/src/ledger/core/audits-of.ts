import type { AuditEntry, Deed } from '../../audit/actions.js';
import type { DecisionContext } from './rules.js';
import type { AccountState } from './state.js';

const NONE: readonly never[] = [];

/** A deed of a group. */
export type DoneDeed = Deed & {
  /** Who did it; left out: whoever the group names. */
  readonly actor?: string | undefined;
};

/** What the audit log is told of the deeds of a group: by whom, and when by the account's own time. */
export function auditsOf(
  deeds: readonly DoneDeed[],
  { id: accountId, sandbox }: AccountState,
  actor: string,
  { now: at, rules }: DecisionContext,
): readonly AuditEntry[] {
  if (deeds.length === 0) return NONE;
  return deeds.map(({ action, facts, actor: by = actor }) => ({
    accountId,
    id: rules.nextId(),
    sandbox,
    action,
    actor: by,
    at,
    facts,
  }));
}
