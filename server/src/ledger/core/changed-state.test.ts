import { type AccountChanges, changedAccount, changedReservation, type ReservationChanges } from './changed-state.js';
import type { AccountState, ReservationState } from './state.js';

/** Every change that the type allows: one that is not listed here does not compile. */
const ACCOUNT: Required<AccountChanges> = {
  plan: 'PRO',
  nextPlan: 'FREE',
  timeZone: 'Europe/Berlin',
  anchorAt: 1,
  anchorPeriod: 2,
  period: { number: 3, start: 4, end: 5 },
  clockAt: 6,
  version: 7,
  changedAt: 8,
  courtesyDay: '2026-01-02',
  courtesyUsed: 9,
  projectsDay: '2026-01-02',
  projectsDayVersion: 7,
  operations: { STANDARD: 8, SCAN: 9 },
  noticed: { at: 9, createdAt: 8, grantId: 'g' },
  dueAt: 10,
  billing: { customerRef: 'cus_1', method: null, subscription: null, topUps: {} },
  budgets: 1,
  spending: { hour: 0, version: 2, before: { STANDARD: 3, SCAN: 4 }, since: 1 },
  credits: {} as AccountState['credits'],
};
const RESERVATION: Required<ReservationChanges> = {
  status: 'COMMITTED',
  reserved: 1,
  held: 2,
  committed: 3,
  released: 4,
  uncollected: 5,
  counted: [],
  heldAtExpiry: 6,
  lines: [],
  draws: [],
  outcome: 'SUCCEEDED',
  version: 7,
  expiresAt: 8,
  closedAt: 9,
};

test('whatever may be changed on an account is changed, and the rest stays', () => {
  const before = { id: 'a', sandbox: true } as AccountState;
  expect(changedAccount(before, ACCOUNT)).toEqual({ ...before, ...ACCOUNT });
  expect(changedAccount({ ...before, ...ACCOUNT } as AccountState, {})).toEqual({ ...before, ...ACCOUNT });
});

/** The fields that a change may make null: one that is not listed below does not compile. */
type Nullable<T> = { readonly [K in keyof T as null extends T[K] ? K : never]-?: null };

test('null is written as null, and undefined changes nothing', () => {
  const before = { id: 'a', sandbox: true, ...ACCOUNT } as AccountState;
  const none: Nullable<AccountChanges> = {
    nextPlan: null,
    clockAt: null,
    courtesyDay: null,
    projectsDay: null,
    billing: null,
    noticed: null,
    spending: null,
  };
  expect(changedAccount(before, none)).toEqual({ ...before, ...none });
  expect(changedAccount(before, { clockAt: undefined, version: undefined })).toEqual(before);
  const reservation = { id: 'r', ...RESERVATION } as ReservationState;
  const open: Nullable<ReservationChanges> = { counted: null, heldAtExpiry: null, outcome: null, closedAt: null };
  expect(changedReservation(reservation, open)).toMatchObject(open);
  expect(changedReservation(reservation, { closedAt: undefined }).closedAt).toBe(RESERVATION.closedAt);
});

test('whatever may be changed on a reservation is changed, and the rest stays', () => {
  const before = { accountId: 'a', id: 'r', project: 'p', member: 'm', openedBy: 'o' } as ReservationState;
  expect(changedReservation(before, RESERVATION)).toEqual({ ...before, ...RESERVATION });
});
