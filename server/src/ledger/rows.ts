import type { CreditType } from '../catalog/catalog.js';
import { levelsFromText } from './levels-text.js';
import { drawsFromText, linesFromText } from './reservation-text.js';
import type { AccountState, CreditState, GrantState, ReservationState } from './state.js';

/** A row as the ledger's connections deliver it: bigint as number, timestamptz as epoch ms, uuid, text, boolean, date as text. */
export type Row = Readonly<Record<string, never>>;

function toCredits(row: Row, type: 'standard' | 'scan'): CreditState {
  const column = (name: string): never => row[`${type}_${name}`] as never;
  return {
    granted: column('granted'),
    available: column('available'),
    held: column('held'),
    spent: column('spent'),
    expired: column('expired'),
    refunded: column('refunded'),
    revoked: column('revoked'),
    used: column('used'),
    allowance: column('allowance'),
    allowanceLeft: column('allowance_left'),
    purchased: column('purchased'),
    promotional: column('promotional'),
    waiting: column('waiting'),
    levels: levelsFromText(column('levels')),
  };
}

/** `ledger_account` row -> state. */
export function toAccount(row: Row): AccountState {
  const credits: Record<CreditType, CreditState> = {
    STANDARD: toCredits(row, 'standard'),
    SCAN: toCredits(row, 'scan'),
  };
  return {
    id: row['account_id'] as never,
    sandbox: row['sandbox'] as never,
    plan: row['plan'] as never,
    timeZone: row['time_zone'] as never,
    anchorAt: row['anchor_at'] as never,
    anchorPeriod: row['anchor_period'] as never,
    period: {
      number: row['period_number'] as never,
      start: row['period_start'] as never,
      end: row['period_end'] as never,
    },
    clockAt: row['clock_at'] as never,
    version: row['version'] as never,
    changedAt: row['changed_at'] as never,
    courtesyDay: row['courtesy_day'] as never,
    courtesyUsed: row['courtesy_used'] as never,
    dueAt: row['due_at'] as never,
    credits,
  };
}

/** `credit_grant` row -> state. */
export function toGrant(row: Row): GrantState {
  return {
    id: row['grant_id'] as never,
    creditType: row['credit_type'] as never,
    source: row['source'] as never,
    priority: row['priority'] as never,
    granted: row['granted'] as never,
    available: row['available'] as never,
    held: row['held'] as never,
    spent: row['spent'] as never,
    expired: row['expired'] as never,
    refunded: row['refunded'] as never,
    revoked: row['revoked'] as never,
    effectiveAt: row['effective_at'] as never,
    expiresAt: row['expires_at'] as never,
    createdAt: row['created_at'] as never,
    periodNumber: row['period_number'] as never,
    reason: row['reason'] as never,
  };
}

/** `reservation` row -> state. */
export function toReservation(row: Row): ReservationState {
  return {
    accountId: row['account_id'] as never,
    id: row['reservation_id'] as never,
    creditType: row['credit_type'] as never,
    status: row['status'] as never,
    reserved: row['reserved'] as never,
    held: row['held'] as never,
    committed: row['committed'] as never,
    released: row['released'] as never,
    uncollected: row['uncollected'] as never,
    heldAtExpiry: row['held_at_expiry'] as never,
    lines: linesFromText(row['lines'] as never),
    priceListVersion: row['price_list_version'] as never,
    draws: drawsFromText(row['draws'] as never),
    project: row['project'] as never,
    member: row['member'] as never,
    reference: row['reference'] as never,
    openedBy: row['opened_by'] as never,
    outcome: row['outcome'] as never,
    version: row['version'] as never,
    createdAt: row['created_at'] as never,
    expiresAt: row['expires_at'] as never,
    closedAt: row['closed_at'] as never,
  };
}
