import { EVERYBODY } from './budget.js';
import { type Needing, needs } from './decision.js';
import type { LoadedAccount } from './state.js';

/**
 * The tallies that work of some members may count in, as far as they were not looked for yet.
 *
 * @returns null when all are there: always for an account without budgets
 */
export function missingTallies(account: LoadedAccount, members: Iterable<string>): Needing | null {
  if (account.head.budgets === 0) return null;
  const known = account.talliesOf;
  const missing = new Set<string>();
  if (!known?.has(EVERYBODY)) missing.add(EVERYBODY);
  if (countsMembers(account)) for (const member of members) if (!known?.has(member)) missing.add(member);
  return missing.size === 0 ? null : needs({ tallies: [...missing] });
}

function countsMembers({ budgets }: LoadedAccount): boolean {
  for (const { eachMember, removedVersion } of budgets.values()) if (eachMember && removedVersion === null) return true;
  return false;
}

/** Whose holds end by an instant and count in budgets. */
export function* membersEnding({ reservations }: LoadedAccount, until: number): Generator<string> {
  for (const { status, expiresAt, counted, member } of reservations.values())
    if (status === 'HELD' && expiresAt <= until && counted !== null) yield member;
}
