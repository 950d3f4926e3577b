import {
  commit,
  createTestLedger,
  release,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../../testing/test-ledger.js';
import type { Ledger } from '../core/ledger.js';
import type { Outcome } from '../core/outcome.js';
import { verifyLedger } from '../books/verify.js';

let books: TestLedger;
let writers: readonly Ledger[];
beforeAll(async () => {
  books = await createTestLedger();
  writers = [books.ledger, books.another()];
});
afterAll(() => books.close());

/** Each in its turn of the two writers, all at once. */
function atOnce<T>(count: number, submit: (writer: Ledger, index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => submit(writers[index % 2] as Ledger, index)));
}

test('fifty parallel reserves of 5 on 100, over two processes: exactly 20 succeed', async () => {
  const account = await books.open('PRO');
  const outcomes = await atOnce(50, (writer) => writer.submit(reserve(account, { 'image.short': 1 })));
  expect(outcomes.filter(({ kind }) => kind === 'reservation')).toHaveLength(20);
  const refused = outcomes.flatMap((outcome) => (outcome.kind === 'refused' ? [outcome.refusal] : []));
  expect(refused).toHaveLength(30);
  for (const refusal of refused)
    expect(refusal).toMatchObject({ kind: 'InsufficientCredits', available: 0, held: 100, needed: 5, shortfall: 5 });
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
});

const closings = [
  ['commit', 'COMMITTED', commit, { available: 60, held: 0, used: 40 }],
  [
    'release',
    'RELEASED',
    (account: string, id: string, { key }: { key: string }) => release(account, id, key),
    { available: 100, held: 0, used: 0 },
  ],
] as const;

describe.each(closings)('ten parallel calls to %s one reservation', (_name, status, close, left) => {
  function receipts(outcomes: readonly Outcome[]) {
    return outcomes.flatMap((outcome) => (outcome.kind === 'reservation' ? [outcome] : []));
  }

  test('under one key: one effect, the same receipt', async () => {
    const account = await books.open('PRO');
    const id = reservationIdOf(await books.ledger.submit(reserve(account, { 'image.mid': 4 })));
    const outcomes = await atOnce(10, (writer) => writer.submit(close(account, id, { key: 'once' })));
    const [first] = receipts(outcomes);
    expect(receipts(outcomes)).toHaveLength(10);
    for (const receipt of receipts(outcomes)) {
      expect(receipt.reservation).toEqual(first?.reservation);
      expect(receipt.balance).toEqual(first?.balance);
      expect(receipt.balance).toMatchObject(left);
    }
    expect(receipts(outcomes).filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
  });

  test(`under ten keys: one receipt, nine are told ${status}`, async () => {
    const account = await books.open('PRO');
    const id = reservationIdOf(await books.ledger.submit(reserve(account, { 'image.mid': 4 })));
    const outcomes = await atOnce(10, (writer, index) => writer.submit(close(account, id, { key: `key ${index}` })));
    expect(receipts(outcomes)).toHaveLength(1);
    expect(receipts(outcomes)[0]?.balance).toMatchObject(left);
    const told = outcomes.flatMap((outcome) =>
      outcome.kind === 'refused' && outcome.refusal.kind === 'ReservationClosed'
        ? [outcome.refusal.reservation.status]
        : [],
    );
    expect(told).toEqual(Array(9).fill(status));
  });
});
