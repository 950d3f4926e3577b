import type pg from 'pg';
import { withDeafMembers, withoutMembers } from '../../testing/test-drivers.js';
import { checkHistory } from '../../testing/test-history-check.js';
import { playHistory, seeded } from '../../testing/test-history.js';
import { createTestLedger, type TestLedger } from '../../testing/test-ledger.js';

const HISTORIES = 6;
const SEED = 11;

let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

test.each<[string, (config: pg.ClientConfig) => pg.Client]>([
  ['no member beneath its interface', (config) => withoutMembers(config)],
  ['no Bind message to be replaced', (config) => withoutMembers(config, 'bind')],
  ['no way to hold back what is written', (config) => withoutMembers(config, 'hold')],
  ['members that do nothing', withDeafMembers],
])('a driver with %s: the writers answer as ever', async (_name, connect) => {
  const writers = [books.another({ connect }), books.ledger];
  const problems = await Promise.all(
    Array.from({ length: HISTORIES }, async (_, index) =>
      checkHistory(books, await playHistory(books, writers, seeded(SEED + index))),
    ),
  );
  expect(problems.flat()).toEqual([]);
});
