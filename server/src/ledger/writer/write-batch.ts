import type { AuditEntry } from '../../audit/actions.js';
import { type OwnedRows, ROW_KINDS, type RowKind } from '../core/state.js';
import type { AccountCard, AccountState, LoadedAccount } from '../core/state.js';
import type { UsageDelta } from '../core/line-deltas.js';
import type { ClosedPeriod, WaitingCredits } from '../core/past.js';
import type { LedgerEvent } from '../core/events.js';
import { type Statement, WriteStatement } from '../rows/write-statement.js';
import type { WrittenDecision } from '../core/written-decision.js';
import type { ChangedAccount, NewAccount } from '../rows/account-rows.js';
import { ACCOUNT_CARD, changedAccountTable, DUE, NEW_ACCOUNT } from '../rows/account-tables.js';
import { NEW_AUDIT } from '../rows/audit-rows.js';
import { NEW_CLOSED_PERIOD } from '../rows/closed-period-rows.js';
import { NEW_EVENT } from '../rows/event-rows.js';
import { ownedKind } from '../rows/owned-rows.js';
import { type JournalRow, NEW_JOURNAL } from '../rows/journal-rows.js';
import { BOOKED_USAGE } from '../rows/usage-rows.js';
import { NEW_WAITING } from '../rows/waiting-rows.js';

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

/** Writes rows of a kind, as the batch left them. */
function putRows(write: WriteStatement, kind: RowKind, touched: ReadonlyMap<string, Touched>): void {
  const { created, changed, toWrite } = ownedKind(kind);
  const made: object[] = [];
  const changing: object[] = [];
  for (const [id, { account, isNew }] of touched)
    (isNew ? made : changing).push(toWrite(account.head.id, account[kind].get(id) as OwnedRows[RowKind]));
  write.put(created, made);
  write.put(changed, changing);
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
  const touched = ROW_KINDS.map((kind) => ({ kind, rows: new Map<string, Touched>() }));
  const journal: JournalRow[] = [];
  const events: LedgerEvent[] = [];
  const audits: AuditEntry[] = [];
  const usage = new Map<string, UsageDelta>();
  const waiting: WaitingCredits[] = [];
  const closed: ClosedPeriod[] = [];
  for (const decision of decisions) {
    addJournalRows(decision, journal);
    const { group, account } = decision;
    if (!group) continue;
    for (const { kind, rows } of touched)
      for (const id of group.rows[kind].keys())
        if (!rows.has(id)) rows.set(id, { account, isNew: group.newIds.includes(id) });
    events.push(...group.events);
    audits.push(...group.audits);
    addUsage(group.usage, usage);
    waiting.push(...group.waiting);
    if (group.closed !== null) closed.push(group.closed);
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
  const write = new WriteStatement();
  write.put(ACCOUNT_CARD, cards);
  write.put(NEW_ACCOUNT, newAccounts);
  if (changed.length > 0) write.put(changedAccountTable(changed), changed);
  for (const { kind, rows } of touched) putRows(write, kind, rows);
  write.put(NEW_JOURNAL, journal);
  write.put(NEW_EVENT, events);
  write.put(NEW_AUDIT, audits);
  write.put(BOOKED_USAGE, [...usage.values()]);
  write.put(NEW_WAITING, waiting);
  write.put(NEW_CLOSED_PERIOD, closed);
  write.put(DUE, due);
  return write.build();
}
