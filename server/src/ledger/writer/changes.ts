import { balanceOf } from '../core/balance.js';
import type { AccountChange, StoredEvent } from '../core/ledger.js';
import type { AccountState, LedgerEvent, LoadedAccount } from '../core/state.js';
import { feedKey } from './commit-batch.js';

/** What a committed batch changed, account by account, and what an unanswered try may have changed. */
export function changesOf(
  accounts: Iterable<LoadedAccount>,
  untold: ReadonlySet<string>,
  told: readonly LedgerEvent[],
  places: ReadonlyMap<string, number>,
  historyId: string | null,
): AccountChange[] {
  const eventsOf = new Map<string, StoredEvent[]>();
  for (const event of told) {
    const feedSeq = places.get(feedKey(event.accountId, event.version, event.ordinal)) as number;
    const mine = eventsOf.get(event.accountId);
    if (mine) mine.push({ ...event, feedSeq });
    else eventsOf.set(event.accountId, [{ ...event, feedSeq }]);
  }
  const changes: AccountChange[] = [];
  for (const { head, before } of accounts) {
    if (before?.version === head.version && before.clockAt === head.clockAt && !untold.has(head.id)) continue;
    changes.push(new Change(head, historyId, eventsOf.get(head.id) ?? NO_EVENTS));
  }
  return changes;
}

const NO_EVENTS: readonly StoredEvent[] = [];

/** Few accounts of a batch are watched: balances are made when somebody asks. */
class Change implements AccountChange {
  constructor(
    private readonly head: AccountState,
    readonly historyId: string | null,
    readonly events: readonly StoredEvent[],
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

  get balances(): AccountChange['balances'] {
    return { STANDARD: balanceOf(this.head, 'STANDARD'), SCAN: balanceOf(this.head, 'SCAN') };
  }
}
