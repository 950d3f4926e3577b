import type {
  AccountCard,
  AccountState,
  GrantState,
  LoadedAccount,
  ReservationState,
  UsageDelta,
} from '../core/state.js';
import type { LedgerEvent } from '../core/events.js';
import { type Statement, WriteStatement } from '../rows/write-statement.js';
import type { WrittenDecision } from '../core/written-decision.js';
import type { ChangedAccount, NewAccount } from '../rows/account-rows.js';
import { ACCOUNT_CARD, changedAccountTable, DUE, NEW_ACCOUNT } from '../rows/account-tables.js';
import { NEW_EVENT } from '../rows/event-rows.js';
import { CHANGED_GRANT, NEW_GRANT, type OwnedGrant } from '../rows/grant-rows.js';
import { type JournalRow, NEW_JOURNAL } from '../rows/journal-rows.js';
import { CHANGED_RESERVATION, NEW_RESERVATION } from '../rows/reservation-rows.js';
import { BOOKED_USAGE } from '../rows/usage-rows.js';

/** A decision's journal rows: one per entry; without entries one row stands for the empty group or the kept refusal. */
function addJournalRows(decision: WrittenDecision, rows: JournalRow[]): void {
  const entries = decision.group?.entries ?? [];
  if (entries.length === 0) rows.push({ decision, ordinal: 0, entry: null });
  else for (const [ordinal, entry] of entries.entries()) rows.push({ decision, ordinal, entry });
}

/** Sums what falls on the same row, since one statement changes a row once. */
function addUsage(deltas: readonly UsageDelta[], rows: Map<string, UsageDelta>): void {
  for (const delta of deltas) {
    const { accountId, day, creditType, operation, member, project } = delta;
    const key = JSON.stringify([accountId, day, creditType, operation, member, project ?? '']);
    const row = rows.get(key);
    if (!row) rows.set(key, delta);
    else
      rows.set(key, {
        ...row,
        credits: row.credits + delta.credits,
        operations: row.operations + delta.operations,
      });
  }
}

/** Something that a batch changes, and whether it made it. */
interface Touched {
  readonly account: LoadedAccount;
  readonly isNew: boolean;
}

function byId(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The one statement that writes a batch, or null when nothing changed. */
export function writeBatch(
  decided: readonly WrittenDecision[],
  loaded: ReadonlyMap<string, LoadedAccount>,
): Statement | null {
  // New accounts are not locked beforehand: in id order, two writers that create the same ones cannot wait for each other.
  const creates = decided.some(({ account }) => account.before === null);
  const decisions = creates ? [...decided].sort((a, b) => byId(a.account.head.id, b.account.head.id)) : decided;
  const accounts = creates ? new Map([...loaded].sort(([a], [b]) => byId(a, b))) : loaded;
  const grants = new Map<string, Touched>();
  const reservations = new Map<string, Touched>();
  const journal: JournalRow[] = [];
  const events: LedgerEvent[] = [];
  const usage = new Map<string, UsageDelta>();
  for (const decision of decisions) {
    addJournalRows(decision, journal);
    const { group, account } = decision;
    if (!group) continue;
    for (const id of group.rows.grants.keys())
      if (!grants.has(id)) grants.set(id, { account, isNew: group.newIds.includes(id) });
    for (const id of group.rows.reservations.keys())
      if (!reservations.has(id)) reservations.set(id, { account, isNew: group.newIds.includes(id) });
    events.push(...group.events);
    addUsage(group.usage, usage);
  }

  const changed: ChangedAccount[] = [];
  const newAccounts: NewAccount[] = [];
  const cards: AccountCard[] = [];
  const due: AccountState[] = [];
  for (const { before, head, keptDigest, writtenDueAt, card } of accounts.values()) {
    if (!before) {
      newAccounts.push({ head, keptDigest });
      if (card) cards.push(card);
    } else if (before === head && keptDigest === 0) continue;
    else changed.push({ before, head, keptDigest });
    if (!head.sandbox && writtenDueAt !== head.dueAt) due.push(head);
  }
  const newGrants: OwnedGrant[] = [];
  const oldGrants: OwnedGrant[] = [];
  for (const [id, { account, isNew }] of grants)
    (isNew ? newGrants : oldGrants).push({
      accountId: account.head.id,
      grant: account.grants.get(id) as GrantState,
    });
  const newReservations: ReservationState[] = [];
  const oldReservations: ReservationState[] = [];
  for (const [id, { account, isNew }] of reservations)
    (isNew ? newReservations : oldReservations).push(account.reservations.get(id) as ReservationState);

  const write = new WriteStatement();
  write.put(ACCOUNT_CARD, cards);
  write.put(NEW_ACCOUNT, newAccounts);
  if (changed.length > 0) write.put(changedAccountTable(changed), changed);
  write.put(NEW_GRANT, newGrants);
  write.put(CHANGED_GRANT, oldGrants);
  write.put(NEW_RESERVATION, newReservations);
  write.put(CHANGED_RESERVATION, oldReservations);
  write.put(NEW_JOURNAL, journal);
  write.put(NEW_EVENT, events);
  write.put(BOOKED_USAGE, [...usage.values()]);
  write.put(DUE, due);
  return write.build();
}
