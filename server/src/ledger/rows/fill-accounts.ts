import { parseInstant } from '../../db/ledger-types.js';
import { toAccount, toGrant, toReservation } from './rows.js';
import type { Row } from '../wire/flight.js';
import type { GrantState, LoadedAccount, ReservationState } from '../core/state.js';

/** What the lock answers, account by account. */
export function* readLocked([row]: readonly Row[]): Generator<{
  readonly id: string;
  readonly version: number;
  readonly dueAt: number;
  readonly clockAt: number | null;
}> {
  const list = (name: string): readonly string[] => (row?.[name] as string | null | undefined)?.split(',') ?? [];
  const versions = list('versions');
  const dues = list('dues');
  const clocks = list('clocks');
  for (const [index, id] of list('ids').entries()) {
    const clock = clocks[index] as string;
    yield {
      id,
      version: Number(versions[index]),
      dueAt: parseInstant(dues[index] as string),
      clockAt: clock === '' ? null : parseInstant(clock),
    };
  }
}

/** Accounts from their rows, without grants and holds yet. */
export function addHeads(accounts: Map<string, LoadedAccount>, rows: readonly Row[]): void {
  for (const row of rows) {
    const head = toAccount(row);
    accounts.set(head.id, {
      head,
      grants: new Map(),
      reservations: new Map(),
      allHolds: false,
      creditHolds: false,
      before: head,
      writtenDueAt: head.dueAt,
      keptDigest: 0,
      projects: null,
      closed: 'none',
      card: null,
    });
  }
}

/** Open grants from their rows; one that is there already is newer than the table. */
export function addGrants(accounts: Map<string, LoadedAccount>, rows: readonly Row[]): void {
  for (const row of rows) {
    const grant: GrantState = toGrant(row);
    const account = accounts.get(row['account_id'] as never);
    if (account && !account.grants.has(grant.id)) account.grants.set(grant.id, grant);
  }
}

/** Reservations from their rows; one that is there already is newer than the table. */
export function addReservations(accounts: Map<string, LoadedAccount>, rows: readonly Row[]): void {
  for (const row of rows) {
    const account = accounts.get(row['account_id'] as never);
    if (!account || account.reservations.has(row['reservation_id'] as never)) continue;
    const reservation: ReservationState = toReservation(row);
    account.reservations.set(reservation.id, reservation);
  }
}
