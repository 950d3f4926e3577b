import { hasNewTopUp } from '../core/top-up.js';
import { balanceOf } from '../core/balance.js';
import type { LedgerEvent } from '../core/events.js';
import type { AccountChange } from '../core/ledger.js';
import type { AccountState, LoadedAccount } from '../core/state.js';

/** What a committed batch changed, account by account, and what an unanswered try may have changed. */
export function changesOf(
  accounts: Iterable<LoadedAccount>,
  untold: ReadonlySet<string>,
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
    changes.push(new Change(head, before, historyId, eventsOf.get(head.id) ?? NO_EVENTS));
  }
  return changes;
}

const NO_EVENTS: readonly LedgerEvent[] = [];

/** Balances are computed when somebody asks for them, since few accounts of a batch are watched. */
class Change implements AccountChange {
  constructor(
    private readonly head: AccountState,
    private readonly before: AccountState | null,
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

  get beginsTopUp(): boolean {
    return this.head.billing !== this.before?.billing && hasNewTopUp(this.before?.billing ?? null, this.head.billing);
  }

  get balances(): AccountChange['balances'] {
    return { STANDARD: balanceOf(this.head, 'STANDARD'), SCAN: balanceOf(this.head, 'SCAN') };
  }
}
