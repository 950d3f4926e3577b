import type { DataSource } from 'typeorm';
import { createDataSource } from '../db/data-source.js';
import { createTestLedger, type TestLedger } from '../testing/test-ledger.js';
import { until } from '../testing/test-until.js';
import { SCOPES, type Caller, type Role } from './caller.js';
import { SeenMembers } from './seen-members.js';

let books: TestLedger;
let dataSource: DataSource;
beforeAll(async () => {
  books = await createTestLedger();
  dataSource = await createDataSource({ url: books.url, poolSize: 2 }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await books.close();
});

const user = (name: string, accounts: readonly [string, Role][], issuedAt: number): Caller => ({
  kind: 'user',
  id: 'ada',
  name,
  scopes: new Set(SCOPES),
  accounts: new Map(accounts),
  sides: ['sandbox', 'live'],
  keyId: null,
  expiresAt: null,
  issuedAt,
});

function seenMembers(now: { at: number }) {
  const errors: string[] = [];
  const seen = new SeenMembers({
    dataSource,
    clock: () => now.at,
    onError: (error) => errors.push((error as Error).message),
    retryAfterMs: 20,
  });
  return { seen, errors };
}

const rowsOf = async (accountId: string): Promise<unknown[][]> =>
  (
    await dataSource.query<{ name: string; role: string; seen_at: Date }[]>(
      'SELECT name, role, seen_at FROM member_seen WHERE account_id = $1',
      [accountId],
    )
  ).map(({ name, role, seen_at: seenAt }) => [name, role, seenAt.getTime()]);

test('the token issued last says name and role, the one used last when', async () => {
  const accountId = await books.open('FREE');
  const now = { at: 10_000 };
  const { seen } = seenMembers(now);
  seen.see(user('new', [[accountId, 'viewer']], 2_000));
  await seen.stored();
  now.at = 20_000;
  seen.see(user('old', [[accountId, 'owner']], 1_000));
  await seen.stored();
  expect(await rowsOf(accountId)).toEqual([['new', 'viewer', 20_000]]);
  // The same, when both wait together.
  seen.see(user('newest', [[accountId, 'member']], 3_000));
  now.at = 30_000;
  seen.see(user('older', [[accountId, 'owner']], 1_500));
  await seen.stored();
  expect(await rowsOf(accountId)).toEqual([['newest', 'member', 30_000]]);
});

test('an account that is not there has no members, and holds up no other', async () => {
  const accountId = await books.open('FREE');
  const unknown = '0198c0de-0000-7000-8000-00000000dead';
  const { seen, errors } = seenMembers({ at: 10_000 });
  seen.see(
    user(
      'Ada',
      [
        [unknown, 'owner'],
        [accountId, 'owner'],
      ],
      1_000,
    ),
  );
  await seen.stored();
  expect([await rowsOf(accountId), await rowsOf(unknown), errors]).toEqual([[['Ada', 'owner', 10_000]], [], []]);
});

test('what the database did not take is kept and tried again', async () => {
  const accountId = await books.open('FREE');
  const { seen, errors } = seenMembers({ at: 10_000 });
  await dataSource.query('ALTER TABLE member_seen RENAME TO elsewhere');
  seen.see(user('Ada', [[accountId, 'owner']], 1_000));
  await seen.stored();
  expect(errors).toEqual(['relation "member_seen" does not exist']);
  await dataSource.query('ALTER TABLE elsewhere RENAME TO member_seen');
  await until(async () => (await rowsOf(accountId)).length === 1);
  await seen.close();
});
