import type { Group } from './group-draft.js';
import { inputText, keepOutcome, type KeptDecision } from './idempotency.js';
import type { Command, Keyed, OpenCommand } from './command.js';
import type { Outcome } from './outcome.js';
import type { AccountState, GrantState, LedgerEvent, LoadedAccount, ReservationState, UsageDelta } from './state.js';
import { type Statement, WriteStatement } from './write-statement.js';
import { ACCOUNT_CARD, type ChangedAccount, changedAccountTable, DUE, NEW_ACCOUNT } from './account-tables.js';
import {
  CHANGED_GRANT,
  CHANGED_RESERVATION,
  EVENT,
  JOURNAL,
  type JournalRow,
  NEW_GRANT,
  NEW_RESERVATION,
  type OwnedGrant,
  type OwnedReservation,
  USAGE,
  type UsageRow,
} from './write-tables.js';

/** One decision of a batch, as it is to be written. */
export interface WrittenDecision {
  readonly command: Command | null;
  readonly account: LoadedAccount;
  readonly group: Group | null;
  readonly keyed: Keyed | null;
  readonly outcome: Outcome | null;
  readonly at: number;
}

/** A decision's journal rows: one per entry; without entries one row stands for the empty group or the kept refusal. */
function addJournalRows(decision: WrittenDecision, rows: JournalRow[]): void {
  const { group, keyed, command, outcome } = decision;
  const shared = {
    accountId: decision.account.head.id,
    version: group?.head.version ?? null,
    reservationId: group?.reservationId ?? reservationOf(command),
    command: group?.command ?? command?.type ?? '',
    actor: group?.actor ?? command?.actor.name ?? '',
    at: decision.at,
  };
  const kept = keyed && outcome ? { keyed, outcome } : null;
  const entries = group?.entries ?? [];
  if (entries.length === 0) rows.push({ ...shared, ordinal: 0, entry: null, kept });
  else entries.forEach((entry, ordinal) => rows.push({ ...shared, ordinal, entry, kept: ordinal === 0 ? kept : null }));
}

/** A refused reserve made no reservation; a refused commit, release or extension is about the one it names. */
function reservationOf(command: Command | null): string | null {
  return command?.type === 'commit' || command?.type === 'release' || command?.type === 'extend'
    ? command.reservationId
    : null;
}

/** How a decision will be found under its key, by the next command of the same batch or a later one. */
export function keptOf(decision: WrittenDecision): KeptDecision {
  return {
    input: inputText(decision.keyed as Keyed),
    outcome: keepOutcome(decision.outcome as Outcome),
    reservationId: decision.group?.reservationId ?? reservationOf(decision.command),
  };
}

/** Sums what falls on the same row, since one statement changes a row once. */
function addUsage(accountId: string, deltas: readonly UsageDelta[], rows: Map<string, UsageRow>): void {
  for (const delta of deltas) {
    const key = `${accountId} ${delta.day} ${delta.creditType} ${delta.operation} ${JSON.stringify([delta.member, delta.project])}`;
    const row = rows.get(key);
    rows.set(
      key,
      row
        ? { ...row, credits: row.credits + delta.credits, operations: row.operations + delta.operations }
        : { ...delta, accountId },
    );
  }
}

function byId(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The one statement that writes a batch, or null when nothing changed. */
export function writeBatch(
  decided: readonly WrittenDecision[],
  before: ReadonlyMap<string, AccountState>,
  loaded: ReadonlyMap<string, LoadedAccount>,
  born: readonly OpenCommand[],
): Statement | null {
  // Births are not locked beforehand: in id order, two writers that bear the same accounts cannot wait for each other.
  const isBirth = born.length > 0;
  const opened = isBirth ? [...born].sort((a, b) => byId(a.accountId, b.accountId)) : born;
  const decisions = isBirth ? [...decided].sort((a, b) => byId(a.account.head.id, b.account.head.id)) : decided;
  const accounts = isBirth ? new Map([...loaded].sort(([a], [b]) => byId(a, b))) : loaded;
  const newIds = new Set<string>();
  const changedGrants = new Map<string, LoadedAccount>();
  const changedReservations = new Map<string, LoadedAccount>();
  const journal: JournalRow[] = [];
  const events: LedgerEvent[] = [];
  const usage = new Map<string, UsageRow>();
  for (const decision of decisions) {
    addJournalRows(decision, journal);
    const { group, account } = decision;
    if (!group) continue;
    for (const id of group.newGrantIds) newIds.add(id);
    for (const id of group.newReservationIds) newIds.add(id);
    for (const id of group.grants.keys()) changedGrants.set(id, account);
    for (const id of group.reservations.keys()) changedReservations.set(id, account);
    events.push(...group.events);
    addUsage(account.head.id, group.usage, usage);
  }

  const changed: ChangedAccount[] = [];
  const newAccounts: Pick<ChangedAccount, 'head'>[] = [];
  const due: AccountState[] = [];
  for (const [accountId, { head }] of accounts) {
    const known = before.get(accountId);
    if (!known) newAccounts.push({ head });
    else if (known === head) continue;
    else changed.push({ before: known, head });
    if (!head.sandbox && known?.dueAt !== head.dueAt) due.push(head);
  }
  const newGrants: OwnedGrant[] = [];
  const oldGrants: OwnedGrant[] = [];
  for (const [id, account] of changedGrants)
    (newIds.has(id) ? newGrants : oldGrants).push({
      accountId: account.head.id,
      grant: account.grants.get(id) as GrantState,
    });
  const newReservations: OwnedReservation[] = [];
  const oldReservations: OwnedReservation[] = [];
  for (const [id, account] of changedReservations)
    (newIds.has(id) ? newReservations : oldReservations).push({
      accountId: account.head.id,
      reservation: account.reservations.get(id) as ReservationState,
    });

  const write = new WriteStatement();
  write.put(ACCOUNT_CARD, opened);
  write.put(NEW_ACCOUNT, newAccounts);
  if (changed.length > 0) write.put(changedAccountTable(changed), changed);
  write.put(NEW_GRANT, newGrants);
  write.put(CHANGED_GRANT, oldGrants);
  write.put(NEW_RESERVATION, newReservations);
  write.put(CHANGED_RESERVATION, oldReservations);
  write.put(JOURNAL, journal);
  write.put(EVENT, events);
  write.put(USAGE, [...usage.values()]);
  write.put(DUE, due);
  return write.build();
}
