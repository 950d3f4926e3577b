import type { Catalog } from '../../catalog/catalog.js';
import {
  createTestLedger,
  clock,
  commit,
  extend,
  grant,
  release,
  reserve,
  reservationIdOf,
} from '../../testing/test-ledger.js';
import type { TestLedger } from '../../testing/test-ledger.js';
import type { Outcome } from '../core/outcome.js';
import { showOutcome } from './show-outcome.js';

const START = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

let books: TestLedger;
let catalog: Catalog;
beforeAll(async () => {
  books = await createTestLedger();
  ({ catalog } = books);
});
afterAll(() => books.close());

/** What a person reads of a refusal. */
function words(outcome: Outcome): string {
  const shown = showOutcome(catalog, 'hist_1', outcome);
  return 'message' in shown ? shown.message : 'no refusal';
}

async function hold(account: string, operations: Record<string, number>): Promise<string> {
  return reservationIdOf(await books.ledger.submit(reserve(account, operations, { ttlSeconds: 60 })));
}

test('a closed reservation says how it was closed, a late commit after the day that the day is over', async () => {
  const account = await books.open('PRO', { now: START });
  const { ledger } = books;
  const [done, failed, released, expired] = [
    await hold(account, { 'image.short': 1 }),
    await hold(account, { 'image.short': 1 }),
    await hold(account, { 'image.short': 1 }),
    await hold(account, { 'image.mid': 3 }),
  ];
  await ledger.submit(commit(account, done));
  await ledger.submit(commit(account, failed, { outcome: 'FAILED' }));
  await ledger.submit(release(account, released));
  expect(words(await ledger.submit(commit(account, done)))).toBe(
    'This reservation was closed before: its work was committed.',
  );
  expect(words(await ledger.submit(extend(account, failed, 60)))).toBe(
    'This reservation was closed before: its work failed.',
  );
  expect(words(await ledger.submit(release(account, released)))).toBe(
    'This reservation was closed before: it was released.',
  );
  await ledger.submit(clock(account, START + HOUR));
  for (const close of [release(account, expired), extend(account, expired, 60)])
    expect(words(await ledger.submit(close))).toBe(
      'This hold expired and gave back what it held. A commit still lands up to 24 hours after its end.',
    );
  await ledger.submit(clock(account, START + 26 * HOUR));
  const late = commit(account, expired);
  const tooLate = 'This hold expired more than 24 hours ago: it cannot be committed any more.';
  expect(words(await ledger.submit(late))).toBe(tooLate);
  expect(words(await ledger.submit(late))).toBe(tooLate);
});

test('more than is held: a late commit does not say that anything is held', async () => {
  const account = await books.open('PRO', { now: START });
  const { ledger } = books;
  await ledger.submit(grant(account, 1, { creditType: 'SCAN' }));
  const open = await hold(account, { deep_scan: 1 });
  const expired = await hold(account, { 'image.mid': 3 });
  expect(words(await ledger.submit(commit(account, open, { amount: 2_000 })))).toBe(
    '2,000 cannot be committed: 1 scan credit is held.',
  );
  await ledger.submit(clock(account, START + HOUR));
  expect(words(await ledger.submit(commit(account, expired, { amount: 31 })))).toBe(
    '31 cannot be committed: the hold has expired, and what it held can still be, 30 credits at most.',
  );
});

test('too few credits, another input, a courtesy used up: whole sentences with numbers in one style', async () => {
  const account = await books.open('PRO', { now: START });
  const { ledger } = books;
  await ledger.submit(grant(account, 10_000));
  const asked = reserve(account, { 'video.long': 150 }, { key: 'k' });
  expect(words(await ledger.submit(asked))).toBe('This needs 15,000 credits and 10,100 are available: 4,900 too few.');
  expect(words(await ledger.submit(reserve(account, { deep_scan: 2 })))).toBe(
    'This needs 2 scan credits and 0 are available: 2 too few.',
  );
  expect(words(await ledger.submit(reserve(account, { 'video.long': 1 }, { key: 'k' })))).toBe(
    'This idempotency key was used before with other input (operations): take a new key for a new request.',
  );
  expect(words({ kind: 'refused', replayed: false, refusal: { kind: 'QuoteNotValid', reason: 'COURTESY_USED' } })).toBe(
    'This quote promised a courtesy, and those of today are used up: ask for a new one.',
  );
});

test('a clock that would go too far is told how far, in months of its zone', async () => {
  const account = await books.open('FREE', { now: Date.UTC(2026, 0, 31, 23, 30), timeZone: 'Europe/Berlin' });
  const outcome = await books.ledger.submit(clock(account, Date.UTC(2028, 0, 31, 23, 30) + 1));
  expect(words(outcome)).toBe(
    "A clock moves at most 24 months a call, counted in the account's time zone (Europe/Berlin): to 2028-01-31T23:30:00.000Z now.",
  );
  const last = await books.open('FREE', { now: Date.UTC(2199, 6, 1) });
  expect(words(await books.ledger.submit(clock(last, Date.UTC(2200, 0, 1))))).toBe(
    'A clock stays within the years 2000 to 2199.',
  );
});

test('an amount out of its range names the range, where it has one', async () => {
  const account = await books.open('FREE', { now: START });
  const { ledger } = books;
  const id = await hold(account, { 'media.upload': 1 });
  const refusalOf = async (command: Parameters<typeof ledger.submit>[0]) => {
    const outcome = await ledger.submit(command);
    return outcome.kind === 'refused' ? outcome.refusal : outcome.kind;
  };
  await ledger.submit(clock(account, START + 10_000));
  expect(await refusalOf(extend(account, id, 49))).toMatchObject({ field: 'ttlSeconds', min: 50, max: 86_400 });
  for (let granted = 0; granted < 1_000; granted += 250)
    await Promise.all(Array.from({ length: 250 }, () => ledger.submit(grant(account, 1_000_000_000_000))));
  const full = await refusalOf(grant(account, 1));
  expect(full).toMatchObject({
    field: 'credits',
    max: 0,
    message: 'An account has at most 1,000,000,000,000,000 unspent credits; this one has 1,000,000,000,000,000.',
  });
}, 60_000);
