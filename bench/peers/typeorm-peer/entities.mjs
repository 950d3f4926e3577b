/** The tables as TypeORM entities, with `bigint` columns read as numbers. */
import { EntitySchema } from 'typeorm';

const number = { to: (value) => value, from: (value) => (value === null ? null : Number(value)) };
const bigint = (name) => ({ type: 'bigint', name, transformer: number });
const instant = (name, nullable = false) => ({ type: 'timestamptz', name, nullable });
const text = (name, nullable = false) => ({ type: 'text', name, nullable });
const id = { type: 'uuid', primary: true, generated: 'uuid' };

export const Account = new EntitySchema({
  name: 'Account',
  tableName: 'account',
  columns: {
    id,
    name: text('name'),
    plan: text('plan'),
    version: bigint('version'),
    periodNumber: { type: 'int', name: 'period_number' },
    periodStart: instant('period_start'),
    periodEnd: instant('period_end'),
    standardGranted: bigint('standard_granted'),
    standardAvailable: bigint('standard_available'),
    standardHeld: bigint('standard_held'),
    standardSpent: bigint('standard_spent'),
    standardExpired: bigint('standard_expired'),
    scanGranted: bigint('scan_granted'),
    scanAvailable: bigint('scan_available'),
    scanHeld: bigint('scan_held'),
    scanSpent: bigint('scan_spent'),
    scanExpired: bigint('scan_expired'),
    levels: { type: 'jsonb' },
  },
});
export const Grant = new EntitySchema({
  name: 'Grant',
  tableName: 'credit_grant',
  columns: {
    id,
    accountId: { type: 'uuid', name: 'account_id' },
    creditType: text('credit_type'),
    source: text('source'),
    priority: { type: 'int' },
    granted: bigint('granted'),
    available: bigint('available'),
    held: bigint('held'),
    spent: bigint('spent'),
    expired: bigint('expired'),
    effectiveAt: instant('effective_at'),
    expiresAt: instant('expires_at', true),
    createdAt: instant('created_at'),
  },
});
export const Reservation = new EntitySchema({
  name: 'Reservation',
  tableName: 'reservation',
  columns: {
    id,
    accountId: { type: 'uuid', name: 'account_id' },
    creditType: text('credit_type'),
    status: text('status'),
    reserved: bigint('reserved'),
    held: bigint('held'),
    committed: bigint('committed'),
    released: bigint('released'),
    lines: { type: 'jsonb' },
    draws: { type: 'jsonb' },
    priceListVersion: { type: 'int', name: 'price_list_version' },
    project: text('project', true),
    member: text('member', true),
    reference: text('reference', true),
    outcome: text('outcome', true),
    version: bigint('version'),
    createdAt: instant('created_at'),
    expiresAt: instant('expires_at'),
    closedAt: instant('closed_at', true),
  },
});
export const IdempotencyKey = new EntitySchema({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  columns: {
    accountId: { type: 'uuid', name: 'account_id', primary: true },
    scope: { type: 'text', primary: true },
    key: { type: 'text', primary: true },
    input: { type: 'jsonb' },
    answer: { type: 'jsonb' },
    createdAt: instant('created_at'),
  },
});
export const Entry = new EntitySchema({
  name: 'Entry',
  tableName: 'journal',
  columns: {
    id,
    accountId: { type: 'uuid', name: 'account_id' },
    version: bigint('version'),
    ordinal: { type: 'int' },
    kind: text('kind'),
    creditType: text('credit_type'),
    amount: bigint('amount'),
    availableBefore: bigint('available_before'),
    availableAfter: bigint('available_after'),
    heldBefore: bigint('held_before'),
    heldAfter: bigint('held_after'),
    grantId: { type: 'uuid', name: 'grant_id' },
    reservationId: { type: 'uuid', name: 'reservation_id', nullable: true },
    actor: text('actor'),
    at: instant('at'),
    explanation: text('explanation'),
  },
});
export const Usage = new EntitySchema({
  name: 'Usage',
  tableName: 'usage_entry',
  columns: {
    id,
    accountId: { type: 'uuid', name: 'account_id' },
    reservationId: { type: 'uuid', name: 'reservation_id' },
    day: { type: 'date' },
    feature: text('feature'),
    type: text('type'),
    operation: text('operation'),
    project: text('project', true),
    member: text('member', true),
    credits: bigint('credits'),
    operations: { type: 'int' },
  },
});
export const Event = new EntitySchema({
  name: 'Event',
  tableName: 'event',
  columns: {
    id,
    accountId: { type: 'uuid', name: 'account_id' },
    version: bigint('version'),
    type: text('type'),
    data: { type: 'jsonb' },
    createdAt: instant('created_at'),
  },
});
