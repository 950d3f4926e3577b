import type { Group } from './group-draft.js';
import { inputText, keepOutcome, type KeptDecision } from './idempotency.js';
import { levelsToText } from './levels-text.js';
import type { Command, Keyed, OpenCommand } from './command.js';
import type { Outcome } from './outcome.js';
import type { AccountState, CreditState, GrantState, LoadedAccount, ReservationState, UsageDelta } from './state.js';
import {
  ACCOUNT_PARTS,
  type AccountPart,
  type Columns,
  GRANT_AMOUNTS,
  RESERVATION_CHANGES,
  type Statement,
  type Values,
  WriteStatement,
} from './write-statement.js';

/** One decision of a batch, as it is to be written. */
export interface WrittenDecision {
  readonly command: Command | null;
  readonly account: LoadedAccount;
  readonly group: Group | null;
  readonly keyed: Keyed | null;
  readonly outcome: Outcome | null;
  readonly at: number;
}

function creditValues(type: 'standard' | 'scan', credits: CreditState): Values {
  return {
    [`${type}_granted`]: credits.granted,
    [`${type}_available`]: credits.available,
    [`${type}_held`]: credits.held,
    [`${type}_spent`]: credits.spent,
    [`${type}_expired`]: credits.expired,
    [`${type}_refunded`]: credits.refunded,
    [`${type}_revoked`]: credits.revoked,
    [`${type}_used`]: credits.used,
    [`${type}_allowance`]: credits.allowance,
    [`${type}_allowance_left`]: credits.allowanceLeft,
    [`${type}_purchased`]: credits.purchased,
    [`${type}_promotional`]: credits.promotional,
    [`${type}_waiting`]: credits.waiting,
  };
}

const PART_VALUES: Readonly<Record<AccountPart, (head: AccountState) => Values>> = {
  always: (head) => ({ version: head.version, changed_at: head.changedAt, due_at: head.dueAt }),
  standard: (head) => creditValues('standard', head.credits.STANDARD),
  scan: (head) => creditValues('scan', head.credits.SCAN),
  levels: (head) => ({
    standard_levels: levelsToText(head.credits.STANDARD.levels),
    scan_levels: levelsToText(head.credits.SCAN.levels),
  }),
  rare: (head) => ({
    plan: head.plan,
    time_zone: head.timeZone,
    anchor_at: head.anchorAt,
    anchor_period: head.anchorPeriod,
    period_number: head.period.number,
    period_start: head.period.start,
    period_end: head.period.end,
    clock_at: head.clockAt,
    courtesy_day: head.courtesyDay,
    courtesy_used: head.courtesyUsed,
  }),
};

const RARE_FIELDS = ['plan', 'timeZone', 'anchorAt', 'anchorPeriod', 'period', 'clockAt', 'courtesyDay', 'courtesyUsed'] as const;

function changedParts(before: AccountState, after: AccountState, parts: Set<AccountPart>): void {
  const [standard, scan] = [before.credits.STANDARD, before.credits.SCAN];
  if (standard !== after.credits.STANDARD) parts.add('standard');
  if (scan !== after.credits.SCAN) parts.add('scan');
  if (standard.levels !== after.credits.STANDARD.levels || scan.levels !== after.credits.SCAN.levels) parts.add('levels');
  if (RARE_FIELDS.some((field) => before[field] !== after[field])) parts.add('rare');
}

function grantAmounts(grant: GrantState): Values {
  return {
    available: grant.available,
    held: grant.held,
    spent: grant.spent,
    expired: grant.expired,
    refunded: grant.refunded,
    revoked: grant.revoked,
    is_open: grant.available > 0 || grant.held > 0,
  };
}

function grantValues(grant: GrantState): Values {
  return {
    ...grantAmounts(grant),
    credit_type: grant.creditType,
    source: grant.source,
    priority: grant.priority,
    granted: grant.granted,
    effective_at: grant.effectiveAt,
    expires_at: grant.expiresAt,
    created_at: grant.createdAt,
    period_number: grant.periodNumber,
    reason: grant.reason,
  };
}

function reservationChanges(reservation: ReservationState): Values {
  return {
    status: reservation.status,
    reserved: reservation.reserved,
    held: reservation.held,
    committed: reservation.committed,
    released: reservation.released,
    uncollected: reservation.uncollected,
    held_at_expiry: reservation.heldAtExpiry,
    lines: JSON.stringify(reservation.lines),
    draws: JSON.stringify(reservation.draws),
    outcome: reservation.outcome,
    version: reservation.version,
    expires_at: reservation.expiresAt,
    closed_at: reservation.closedAt,
  };
}

function reservationValues(reservation: ReservationState): Values {
  return {
    ...reservationChanges(reservation),
    credit_type: reservation.creditType,
    price_list_version: reservation.priceListVersion,
    project: reservation.project,
    member: reservation.member,
    reference: reservation.reference,
    opened_by: reservation.openedBy,
    created_at: reservation.createdAt,
  };
}

/** A decision's journal rows: one per entry; without entries one row stands for the empty group or the kept refusal. */
function journalRows(decision: WrittenDecision): Values[] {
  const { group, keyed, command, outcome } = decision;
  const accountId = decision.account.head.id;
  const kept: Values =
    keyed && outcome
      ? { idempotency_key: keyed.key, scope: keyed.scope, input: inputText(keyed), outcome: keepOutcome(outcome) }
      : {};
  const shared: Values = {
    account_id: accountId,
    version: group?.head.version ?? null,
    reservation_id: group?.reservationId ?? reservationOf(command),
    command: group?.command ?? command?.type ?? '',
    actor: group?.actor ?? command?.actor.name ?? '',
    at: decision.at,
  };
  const entries = group?.entries ?? [];
  if (entries.length === 0) return [{ ...shared, ...kept, ordinal: 0 }];
  return entries.map((entry, ordinal) => ({
    ...shared,
    ...(ordinal === 0 ? kept : {}),
    ordinal,
    kind: entry.kind,
    credit_type: entry.creditType,
    amount: entry.amount,
    grant_id: entry.grantId,
    available_after: entry.availableAfter,
    held_after: entry.heldAfter,
  }));
}

/** A refused reserve made no reservation; a refused commit, release or extension is about the one it names. */
function reservationOf(command: Command | null): string | null {
  return command?.type === 'commit' || command?.type === 'release' || command?.type === 'extend' ? command.reservationId : null;
}

/** How a decision will be found under its key, by the next command of the same batch or a later one. */
export function keptOf(decision: WrittenDecision): KeptDecision {
  return {
    input: inputText(decision.keyed as Keyed),
    outcome: keepOutcome(decision.outcome as Outcome),
    reservationId: decision.group?.reservationId ?? reservationOf(decision.command),
  };
}

function sumUsage(accountId: string, deltas: readonly UsageDelta[], into: Map<string, Record<string, string | number>>): void {
  for (const delta of deltas) {
    const project = delta.project ?? '';
    const key = JSON.stringify([accountId, delta.day, delta.creditType, delta.operation, delta.member, project]);
    const row = into.get(key);
    if (row) {
      row['credits'] = (row['credits'] as number) + delta.credits;
      row['operations'] = (row['operations'] as number) + delta.operations;
    } else
      into.set(key, {
        account_id: accountId,
        day: delta.day,
        credit_type: delta.creditType,
        operation: delta.operation,
        member: delta.member,
        project,
        feature: delta.feature,
        type: delta.type,
        credits: delta.credits,
        operations: delta.operations,
      });
  }
}

/** The one statement that writes a batch, or null when nothing changed. */
export function writeBatch(
  decisions: readonly WrittenDecision[],
  before: ReadonlyMap<string, AccountState>,
  accounts: ReadonlyMap<string, LoadedAccount>,
  opened: readonly OpenCommand[],
): Statement | null {
  const newGrantIds = new Set<string>();
  const changedGrants = new Map<string, string>();
  const newReservationIds = new Set<string>();
  const changedReservations = new Map<string, string>();
  const journal: Values[] = [];
  const events: Values[] = [];
  const usage = new Map<string, Record<string, string | number>>();
  for (const decision of decisions) {
    const accountId = decision.account.head.id;
    journal.push(...journalRows(decision));
    const { group } = decision;
    if (!group) continue;
    for (const id of group.newGrantIds) newGrantIds.add(id);
    for (const id of group.grants.keys()) changedGrants.set(id, accountId);
    for (const id of group.newReservationIds) newReservationIds.add(id);
    for (const id of group.reservations.keys()) changedReservations.set(id, accountId);
    for (const event of group.events)
      events.push({
        account_id: accountId,
        version: event.version,
        ordinal: event.ordinal,
        sandbox: event.sandbox,
        type: event.type,
        credit_type: event.creditType,
        at: event.at,
        level: event.level,
        threshold: event.threshold,
        credits: event.credits,
        reservation_id: event.reservationId,
        grant_id: event.grantId,
        reset: event.reset === null ? null : JSON.stringify(event.reset),
        balance: JSON.stringify(event.balance),
      });
    sumUsage(accountId, group.usage, usage);
  }

  const openedIds = new Set(opened.map(({ accountId }) => accountId));
  const parts = new Set<AccountPart>(['always']);
  const updated: AccountState[] = [];
  const due: Values[] = [];
  const born: Values[] = [];
  for (const [accountId, { head }] of accounts) {
    const known = before.get(accountId);
    if (openedIds.has(accountId)) {
      born.push({ account_id: accountId, sandbox: head.sandbox, ...Object.assign({}, ...Object.values(PART_VALUES).map((values) => values(head))) });
      due.push({ account_id: accountId, due_at: head.dueAt });
      continue;
    }
    if (!known || known === head) continue;
    changedParts(known, head, parts);
    updated.push(head);
    if (known.dueAt !== head.dueAt) due.push({ account_id: accountId, due_at: head.dueAt });
  }

  const write = new WriteStatement();
  write.insert(
    'account',
    opened.map((command) => ({
      account_id: command.accountId,
      external_id: command.externalId,
      name: command.name,
      sandbox: command.sandbox,
      created_by: command.actor.name,
    })),
  );
  write.insert('ledger_account', born);
  const used = (Object.keys(ACCOUNT_PARTS) as AccountPart[]).filter((part) => parts.has(part));
  const columns: Columns = Object.assign({ expected_version: 'bigint' }, ...used.map((part) => ACCOUNT_PARTS[part]));
  write.update(
    'ledger_account',
    { account_id: 'uuid' },
    columns,
    updated.map((head) => ({
      account_id: head.id,
      expected_version: (before.get(head.id) as AccountState).version,
      ...Object.assign({}, ...used.map((part) => PART_VALUES[part](head))),
    })),
    ' AND t.version = u.expected_version',
  );
  const grants = [...changedGrants].map(([id, accountId]) => ({ accountId, id, grant: accounts.get(accountId)?.grants.get(id) as GrantState }));
  write.insert(
    'credit_grant',
    grants.filter(({ id }) => newGrantIds.has(id)).map(({ accountId, id, grant }) => ({ account_id: accountId, grant_id: id, ...grantValues(grant) })),
  );
  write.update(
    'credit_grant',
    { account_id: 'uuid', grant_id: 'uuid' },
    GRANT_AMOUNTS,
    grants.filter(({ id }) => !newGrantIds.has(id)).map(({ accountId, id, grant }) => ({ account_id: accountId, grant_id: id, ...grantAmounts(grant) })),
  );
  const reservations = [...changedReservations].map(([id, accountId]) => ({
    accountId,
    id,
    reservation: accounts.get(accountId)?.reservations.get(id) as ReservationState,
  }));
  write.insert(
    'reservation',
    reservations
      .filter(({ id }) => newReservationIds.has(id))
      .map(({ accountId, id, reservation }) => ({ account_id: accountId, reservation_id: id, ...reservationValues(reservation) })),
  );
  write.update(
    'reservation',
    { account_id: 'uuid', reservation_id: 'uuid' },
    RESERVATION_CHANGES,
    reservations
      .filter(({ id }) => !newReservationIds.has(id))
      .map(({ accountId, id, reservation }) => ({ account_id: accountId, reservation_id: id, ...reservationChanges(reservation) })),
  );
  write.insert('journal', journal);
  write.insert('event', events);
  write.insert('usage_day', [...usage.values()]);
  write.insert('account_due', due);
  return write.isEmpty ? null : write.build();
}
