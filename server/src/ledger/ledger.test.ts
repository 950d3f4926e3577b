import { clock, commit, createTestLedger, release, reserve, reservationIdOf, type TestLedger } from '../test-ledger.js';

let test1: TestLedger;
beforeAll(async () => {
  test1 = await createTestLedger();
});
afterAll(() => test1.close());

test('fifty parallel reserves of 5 on 100: exactly 20 succeed', async () => {
  const account = await test1.open('PRO');
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, () => test1.ledger.submit(reserve(account, { 'image.short': 1 }))),
  );
  expect(outcomes.filter((outcome) => outcome.kind === 'reservation')).toHaveLength(20);
  const refused = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.refusal] : []));
  expect(refused).toHaveLength(30);
  expect(
    refused.every(
      (refusal) => refusal.kind === 'InsufficientCredits' && refusal.available === 0 && refusal.held === 100,
    ),
  ).toBe(true);
});

test('ten commits of one reservation under one key: one effect, the same receipt', async () => {
  const account = await test1.open('PRO');
  const id = reservationIdOf(await test1.ledger.submit(reserve(account, { 'image.mid': 4 })));
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => test1.ledger.submit(commit(account, id, { key: 'once' }))),
  );
  expect(
    outcomes.map(
      (outcome) =>
        outcome.kind === 'reservation' && [
          outcome.reservation.committed,
          outcome.balance.available,
          outcome.balance.used,
        ],
    ),
  ).toEqual(Array.from({ length: 10 }, () => [40, 60, 40]));
  expect(outcomes.filter((outcome) => outcome.kind === 'reservation' && !outcome.replayed)).toHaveLength(1);
});

test('ten releases under ten keys: one receipt, nine are told RELEASED', async () => {
  const account = await test1.open('PRO');
  const id = reservationIdOf(await test1.ledger.submit(reserve(account, { 'image.mid': 4 })));
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => test1.ledger.submit(release(account, id))));
  expect(outcomes.filter((outcome) => outcome.kind === 'reservation')).toHaveLength(1);
  expect(
    outcomes.filter(
      (outcome) =>
        outcome.kind === 'refused' &&
        outcome.refusal.kind === 'ReservationClosed' &&
        outcome.refusal.reservation.status === 'RELEASED',
    ),
  ).toHaveLength(9);
});

test('a hold that opens and ends within one batch leaves the end of an older hold due', async () => {
  const start = Date.UTC(2026, 0, 1);
  const account = await test1.open('PRO', { now: start });
  await test1.ledger.submit(reserve(account, { 'image.mid': 1 }, { ttlSeconds: 3600 }));
  // A writer that has not seen the account, and one batch: the new hold ends before anything the database knows of.
  const other = test1.another();
  await Promise.all([
    other.submit(reserve(account, { 'image.short': 1 }, { ttlSeconds: 60 })),
    other.submit(clock(account, start + 120_000)),
  ]);
  const outcome = await other.submit(clock(account, start + 3_600_000));
  expect(outcome.kind === 'account' && outcome.account.credits.STANDARD).toMatchObject({ available: 100, held: 0 });
});
