import { CREDIT_TYPES, type CreditType } from '../../catalog/catalog.js';
import type { WaitingCredits } from '../core/past.js';
import { PATHS } from '../core/paths.js';
import type { GrantState } from '../core/state.js';
import { hasEntry, type PlacedFields } from '../rows/journal-rows.js';

/** Groups that change no plan and pay for nothing: what waits of a grant stays so. */
const KEEP_THE_PLAN: ReadonlySet<string> = new Set([
  'reserve',
  'spend',
  'add',
  'commit',
  'release',
  'extend',
  'grant',
  'revoke',
  'expire-reservation',
  'expire-grant',
  'announce-expiry',
  'set-levels',
]);

/** Whether what was bought can be used: on a plan that may buy it can. */
type State = 'usable' | 'waits';

/**
 * What waits of one account, by its journal. No entry says what waits; but what was bought waits as a whole or not at all, what the plan
 * granted waits while it is unpaid, and neither changes in a group that changes no plan and pays for nothing.
 */
export class ReplayedWaiting {
  private readonly kept: Record<CreditType, WaitingCredits[]> = { STANDARD: [], SCAN: [] };
  private readonly kinds = new Map<string, 'bought' | 'plan'>();
  private readonly free: Record<CreditType, { bought: number; plan: number }> = {
    STANDARD: { bought: 0, plan: 0 },
    SCAN: { bought: 0, plan: 0 },
  };
  private readonly states: Record<CreditType, ReadonlySet<State>> = {
    STANDARD: new Set(['usable', 'waits']),
    SCAN: new Set(['usable', 'waits']),
  };
  private readonly at: Record<CreditType, number> = { STANDARD: 0, SCAN: 0 };
  private readonly isWrong: Record<CreditType, boolean> = { STANDARD: false, SCAN: false };

  constructor(private readonly wrong: (what: string) => void) {}

  knowGrant({ id, source, purchaseId }: GrantState): void {
    if (source === 'PURCHASE' || (source === 'BONUS' && purchaseId !== null)) this.kinds.set(id, 'bought');
    else if (source === 'ALLOWANCE' || source === 'UPGRADE' || source === 'ROLLOVER') this.kinds.set(id, 'plan');
  }

  /** In the order of versions. */
  knowWaiting(row: WaitingCredits): void {
    this.kept[row.creditType].push(row);
  }

  /** What waits at a version, as it is kept. */
  private waitingAt(creditType: CreditType, version: number): number {
    const kept = this.kept[creditType];
    while ((kept[this.at[creditType]]?.version ?? Infinity) <= version) this.at[creditType]++;
    return kept[this.at[creditType] - 1]?.waiting ?? 0;
  }

  addGroup(group: readonly PlacedFields[]): void {
    const [first] = group;
    if (!first) return;
    for (const { kind, creditType, amount, grantId } of group.filter(hasEntry)) {
      const of = this.kinds.get(grantId);
      if (!of) continue;
      const [from, to] = PATHS[kind];
      this.free[creditType][of] += (to === 'available' ? amount : 0) - (from === 'available' ? amount : 0);
    }
    for (const creditType of CREDIT_TYPES) this.compare(creditType, first);
  }

  private compare(creditType: CreditType, { version, cause }: PlacedFields): void {
    const waiting = this.waitingAt(creditType, version);
    const { bought, plan } = this.free[creditType];
    const before = KEEP_THE_PLAN.has(cause) ? this.states[creditType] : new Set<State>(['usable', 'waits']);
    const now = new Set<State>();
    if (before.has('usable') && waiting <= plan) now.add('usable');
    if (before.has('waits') && waiting >= bought && waiting - bought <= plan) now.add('waits');
    this.states[creditType] = now;
    if (now.size > 0 || this.isWrong[creditType]) return;
    this.isWrong[creditType] = true;
    this.wrong(
      `${creditType}: ${waiting} wait at version ${version} (${cause}), with ${bought} bought and ${plan} of the plan`,
    );
  }

  /** @param waiting  as the account has it now */
  finish(waiting: Readonly<Record<CreditType, number>>): void {
    for (const creditType of CREDIT_TYPES) {
      const last = this.kept[creditType].at(-1)?.waiting ?? 0;
      if (last !== waiting[creditType])
        this.wrong(`${creditType}: ${last} wait by waiting_credits, ${waiting[creditType]} on the account`);
    }
  }
}
