import type { CreditType } from '../../catalog/catalog.js';
import { levelsFromText } from './levels-text.js';
import { drawsFromText, linesFromText } from './reservation-text.js';
import type { Row } from '../wire/flight.js';
import type { AccountState, CreditState, GrantState, ReservationState } from '../core/state.js';

function creditColumns(type: string): Readonly<Record<keyof CreditState, string>> {
  return {
    granted: `${type}_granted`,
    available: `${type}_available`,
    held: `${type}_held`,
    spent: `${type}_spent`,
    expired: `${type}_expired`,
    refunded: `${type}_refunded`,
    revoked: `${type}_revoked`,
    used: `${type}_used`,
    allowance: `${type}_allowance`,
    allowanceLeft: `${type}_allowance_left`,
    purchased: `${type}_purchased`,
    promotional: `${type}_promotional`,
    waiting: `${type}_waiting`,
    levels: `${type}_levels`,
  };
}

const STANDARD = creditColumns('standard');
const SCAN = creditColumns('scan');

function toCredits(row: Row, columns: Readonly<Record<keyof CreditState, string>>): CreditState {
  return {
    granted: row[columns.granted] as never,
    available: row[columns.available] as never,
    held: row[columns.held] as never,
    spent: row[columns.spent] as never,
    expired: row[columns.expired] as never,
    refunded: row[columns.refunded] as never,
    revoked: row[columns.revoked] as never,
    used: row[columns.used] as never,
    allowance: row[columns.allowance] as never,
    allowanceLeft: row[columns.allowanceLeft] as never,
    purchased: row[columns.purchased] as never,
    promotional: row[columns.promotional] as never,
    waiting: row[columns.waiting] as never,
    levels: levelsFromText(row[columns.levels] as never),
  };
}

/** `ledger_account` row -> state. */
export function toAccount(row: Row): AccountState {
  const credits: Record<CreditType, CreditState> = {
    STANDARD: toCredits(row, STANDARD),
    SCAN: toCredits(row, SCAN),
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
    projectsDay: row['projects_day'] as never,
    projectsDayVersion: row['projects_day_version'] as never,
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
