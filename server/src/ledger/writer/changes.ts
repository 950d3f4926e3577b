import { hasNewTopUp } from '../core/top-up.js';
import { balanceOf } from '../core/balance.js';
import type { LedgerEvent } from '../core/events.js';
import type { AccountChange } from '../core/ledger.js';
import type { AccountState, LoadedAccount, ReservationState } from '../core/state.js';
import type { WrittenDecision } from '../core/written-decision.js';

/** What a committed batch changed, account by account, and what an unanswered try may have changed. @param decisions  that were written */
export function changesOf(
  accounts: Iterable<LoadedAccount>,
  untold: ReadonlySet<string>,
  decisions: readonly WrittenDecision[],
  told: readonly LedgerEvent[],
  historyId: string | null,
): AccountChange[] {
  const eventsOf = new Map<string, LedgerEvent[]>();
  for (const event of told) {
    const mine = eventsOf.get(event.accountId);
    if (mine) mine.push(event);
    else eventsOf.set(event.accountId, [event]);
  }
  const changes: AccountChange[] = [];
  for (const { head, before } of accounts) {
    if (before?.version === head.version && before.clockAt === head.clockAt && !untold.has(head.id)) continue;
    changes.push(new Change(head, before, decisions, historyId, eventsOf.get(head.id) ?? NO_EVENTS));
  }
  return changes;
}

const NO_EVENTS: readonly LedgerEvent[] = [];

/** Balances and reservations are computed when somebody asks for them, since few accounts of a batch are watched. */
class Change implements AccountChange {
  constructor(
    private readonly head: AccountState,
    private readonly was: AccountState | null,
    private readonly decisions: readonly WrittenDecision[],
    readonly historyId: string | null,
    readonly events: readonly LedgerEvent[],
  ) {}

  get accountId(): string {
    return this.head.id;
  }

  get sandbox(): boolean {
    return this.head.sandbox;
  }

  get version(): number {
    return this.head.version;
  }

  get clockAt(): number | null {
    return this.head.clockAt;
  }

  get before(): number {
    return this.was?.version ?? 0;
  }

  get reservations(): readonly ReservationState[] {
    const newest = new Map<string, ReservationState>();
    for (const { group } of this.decisions) {
      if (group === null || group.head.id !== this.head.id) continue;
      for (const reservation of group.rows.reservations.values()) {
        newest.delete(reservation.id);
        newest.set(reservation.id, reservation);
      }
    }
    return [...newest.values()];
  }

  get beginsTopUp(): boolean {
    const before = this.was?.billing ?? null;
    return this.head.billing !== before && hasNewTopUp(before, this.head.billing);
  }

  get balances(): AccountChange['balances'] {
    return { STANDARD: balanceOf(this.head, 'STANDARD'), SCAN: balanceOf(this.head, 'SCAN') };
  }
}
