import {
  clock,
  commit,
  createTestLedger,
  extend,
  grant,
  release,
  reserve,
  reservationIdOf,
  type TestLedger,
} from '../../testing/test-ledger.js';
import { paidFact, purchase, purchaseOf, settle } from '../../testing/test-purchases.js';
import { verifyLedger } from './verify.js';

const DAY = 86_400_000;
let books: TestLedger;
beforeAll(async () => {
  books = await createTestLedger();
});
afterAll(() => books.close());

async function live(): Promise<string> {
  const start = Date.UTC(2026, 0, 1);
  const account = await books.open('PRO', { now: start });
  const { ledger } = books;
  await ledger.submit(grant(account, 40, { expiresAt: start + 10 * DAY }));
  const first = reservationIdOf(
    await ledger.submit(reserve(account, { 'image.long': 2, 'content.generate': 1 }, { project: 'spring' })),
  );
  const second = reservationIdOf(await ledger.submit(reserve(account, { 'audio.short': 1 }, { ttlSeconds: 60 })));
  await ledger.submit(reserve(account, { 'image.short': 1 }, { spend: true }));
  await ledger.submit(commit(account, first, { amount: 10, final: false }));
  await ledger.submit(extend(account, first, 86_400));
  await ledger.submit(clock(account, start + DAY / 2));
  await ledger.submit(commit(account, second));
  await ledger.submit(release(account, first));
  await ledger.submit(reserve(account, { 'video.long': 99 }));
  await ledger.submit(clock(account, start + 70 * DAY));
  return account;
}

test('the books of a lively account are right', async () => {
  const account = await live();
  const report = await verifyLedger({ ...books, accountIds: [account] });
  expect(report.problems).toEqual([]);
  expect(report.accounts).toBe(1);
  expect(report.entries).toBeGreaterThan(10);
});

test('all accounts are found without being named', async () => {
  const before = await verifyLedger(books);
  await books.open('FREE');
  await books.open('ENTERPRISE', { sandbox: false });
  const after = await verifyLedger(books);
  expect([after.accounts - before.accounts, after.problems]).toEqual([2, []]);
});

test('an account that is not there is a problem', async () => {
  const { problems } = await verifyLedger({ ...books, accountIds: ['00000000-0000-7000-8000-000000000000'] });
  expect(problems).toEqual(['00000000-0000-7000-8000-000000000000: there is no such account']);
});

/** Does something that triggers refuse, as a superuser would who wants to hide it. */
async function tamper(sql: string, values: readonly unknown[] = [], on: TestLedger = books): Promise<number> {
  const client = await on.pool.connect();
  try {
    await client.query(`SET session_replication_role = replica`);
    return (await client.query(sql, [...values])).rowCount ?? 0;
  } finally {
    await client.query(`RESET session_replication_role`);
    client.release();
  }
}

/** Changes that the database itself does not refuse, and a word of what is said about each. */
const tampered: readonly (readonly [name: string, sql: string, says: RegExp])[] = [
  [
    'credits moved between shelves',
    `UPDATE ledger_account SET standard_promotional = standard_promotional + 1, standard_allowance_left = standard_allowance_left - 1 WHERE account_id = $1`,
    /promotional is 1, replayed 0/,
  ],
  [
    'credits made of nothing',
    `UPDATE ledger_account SET standard_granted = standard_granted + 5, standard_available = standard_available + 5, standard_purchased = 5 WHERE account_id = $1`,
    /available is \d+, replayed/,
  ],
  [
    'spent credits made free',
    `UPDATE credit_grant SET spent = spent - 1, expired = expired + 1 WHERE account_id = $1 AND spent > 0`,
    /spent is \d+, replayed/,
  ],
  [
    'a grant that nobody revoked marked as revoked',
    `UPDATE credit_grant SET recalled = true WHERE account_id = $1`,
    /recalled is true, replayed false/,
  ],
  [
    'a version skipped',
    `UPDATE ledger_account SET version = version + 1 WHERE account_id = $1`,
    /version is \d+, replayed/,
  ],
  [
    'an hour in which nobody spent',
    `UPDATE spending SET hours = '[[1,5,0]]' WHERE account_id = $1`,
    /hours with spend is 1970-01-01T01:00:00.000Z 5 0.*, replayed/,
  ],
  [
    'operations that nobody did',
    `UPDATE ledger_account SET standard_operations = standard_operations + 1 WHERE account_id = $1`,
    /STANDARD: operations is \d+, replayed/,
  ],
  [
    'a period that ended a row later',
    `UPDATE closed_period SET ordinal = ordinal + 1 WHERE account_id = $1 AND number = 1`,
    /STANDARD period 1 is \{.*"closing":\d+.*, replayed/,
  ],
  [
    'a period that ended a group earlier',
    `UPDATE closed_period SET version = version - 1 WHERE account_id = $1 AND number = 0`,
    /STANDARD period 0 is \{.*, replayed/,
  ],
  [
    'operations moved from a period to the next',
    `UPDATE closed_period SET standard_operations = standard_operations - 1 WHERE account_id = $1 AND number = 0`,
    /period 0: STANDARD operations is \d+, replayed/,
  ],
  [
    'a period that is gone',
    `DELETE FROM closed_period WHERE account_id = $1 AND number = 0`,
    /closed periods is 1, replayed 2/,
  ],
  [
    'credits that wait, with nothing that could',
    `INSERT INTO waiting_credits (account_id, credit_type, version, waiting) VALUES ($1, 'STANDARD', 3, 400)`,
    /STANDARD: 400 wait at version 3 \(/,
  ],
  [
    'a group before the one that it follows',
    `UPDATE journal SET at = at - interval '1 day' WHERE account_id = $1 AND version = 4`,
    /version 4 is earlier than the one before it/,
  ],
  [
    'usage that nobody committed',
    `UPDATE usage_day SET credits = credits + 1 WHERE account_id = $1 AND operation = 'image.short'`,
    /usage of .* differs from its commits/,
  ],
  [
    'an end that nothing waits for',
    `UPDATE ledger_account SET due_at = due_at + interval '1 year' WHERE account_id = $1`,
    /nothing is due before/,
  ],
  [
    'a reservation that says it gave back more',
    `UPDATE reservation SET released = released + 1, reserved = reserved + 1 WHERE account_id = $1 AND status = 'RELEASED'`,
    /released is \d+, replayed/,
  ],
  [
    'a reservation opened again',
    `UPDATE reservation SET status = 'HELD', closed_at = NULL WHERE account_id = $1 AND status = 'RELEASED'`,
    /status is HELD, replayed RELEASED/,
  ],
  [
    'an entry removed',
    `DELETE FROM journal WHERE account_id = $1 AND command = 'extend'`,
    /next version is \d+, replayed/,
  ],
  [
    'an amount changed',
    `UPDATE journal SET amount = amount + 1 WHERE account_id = $1 AND kind = 'COMMIT' AND command = 'spend'`,
    /held after/,
  ],
  [
    'an event removed',
    `DELETE FROM event WHERE account_id = $1 AND type = 'PERIOD_RESET'`,
    /PERIOD_RESET events is 0, replayed 1/,
  ],
  [
    'an event told twice',
    `INSERT INTO event SELECT account_id, version, ordinal + 1, nextval('event_feed_seq'), sandbox, type, credit_type, at, facts, balance FROM event WHERE account_id = $1 AND type = 'RESERVATION_EXPIRED' AND ordinal = 0`,
    /RESERVATION_EXPIRED events is 2, replayed 1/,
  ],
  [
    'a price changed',
    `UPDATE reservation SET lines = replace(lines, '"image.long","Long image","PRODUCTION_ROOM","IMAGE",2,20', '"image.long","Long image","PRODUCTION_ROOM","IMAGE",2,19') WHERE account_id = $1 AND project = 'spring'`,
    /price of image.long on list 1 is 19, replayed 20/,
  ],
  [
    'the answer to a key removed from its group',
    `UPDATE journal SET idempotency_key = NULL, scope = NULL WHERE account_id = $1 AND command = 'commit' AND ordinal = 0`,
    /what it answered is not kept under a key/,
  ],
  [
    'the answer to a key made another',
    `UPDATE journal SET outcome = '{"k":"refused","refusal":{"kind":"MixedCreditTypes"}}' WHERE account_id = $1 AND command = 'spend' AND ordinal = 0`,
    /kept as .*MixedCreditTypes.*, not as a reservation/,
  ],
  [
    'a refusal made a success',
    `UPDATE journal SET outcome = 'r' WHERE account_id = $1 AND version IS NULL`,
    /has no entry group, and is kept as r/,
  ],
  [
    'a refusal removed',
    `DELETE FROM journal WHERE account_id = $1 AND version IS NULL`,
    /answers kept under its keys [(]\d+[)] have the digest .* some are gone or changed/,
  ],
  [
    'a key renamed',
    `UPDATE journal SET idempotency_key = 'another' WHERE account_id = $1 AND command = 'spend' AND ordinal = 0`,
    /some are gone or changed/,
  ],
  [
    'an input made another',
    `UPDATE journal SET input = replace(input, '86400', '86401') WHERE account_id = $1 AND command = 'extend'`,
    /some are gone or changed/,
  ],
  [
    'an input that nobody can read',
    `UPDATE journal SET input = 'x' WHERE account_id = $1 AND command = 'release' AND ordinal = 0`,
    /cannot be read/,
  ],
];

test('what waits of something bought on FREE: one credit too many at a version is found', async () => {
  const account = await books.open('FREE', { now: Date.UTC(2026, 0, 1) });
  await books.ledger.submit({ ...grant(account, 40, { expiresAt: Date.UTC(2026, 0, 9) }), source: 'PURCHASE' });
  await books.ledger.submit({ ...grant(account, 7), source: 'PURCHASE' });
  await books.ledger.submit(clock(account, Date.UTC(2026, 1, 9)));
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
  await tamper('UPDATE waiting_credits SET waiting = waiting + 1 WHERE account_id = $1 AND version = 3', [account]);
  const { problems, firstWrong } = await verifyLedger({ ...books, accountIds: [account] });
  expect(problems).toContain(`${account}: STANDARD: 48 wait at version 3 (grant), with 47 bought and 0 of the plan`);
  expect(firstWrong).toBe(account);
});

test('bought credits said to be spent are found, by their purchase and the month from which they are missing', async () => {
  const account = await books.open('PRO', { now: Date.UTC(2026, 0, 10) });
  const bought = purchaseOf(await books.ledger.submit(purchase(account, 'pack.50')));
  await books.ledger.submit(settle(account, bought.id, paidFact(bought, 'pay-1')));
  await books.ledger.submit(clock(account, Date.UTC(2026, 2, 20)));
  expect((await verifyLedger({ ...books, accountIds: [account] })).problems).toEqual([]);
  await tamper(
    `UPDATE credit_grant SET spent = spent + 1, available = available - 1 WHERE account_id = $1 AND source = 'PURCHASE'`,
    [account],
  );
  const { problems } = await verifyLedger({ ...books, accountIds: [account] });
  expect(problems).toContain(`${account}: purchase ${bought.id}: 49 unspent on 2026-04-01T00:00:00.000Z, replayed 50`);
});

test.each(tampered)('%s: found', async (_name, sql, says) => {
  const account = await live();
  expect(await tamper(sql, [account])).toBeGreaterThan(0);
  const { problems } = await verifyLedger({ ...books, accountIds: [account] });
  expect(problems.some((problem) => says.test(problem)) || problems).toBe(true);
});

describe('what is gone as a whole', () => {
  let whole: TestLedger;
  let account = '';
  beforeEach(async () => {
    whole = await createTestLedger();
    account = await whole.open('PRO', { sandbox: false });
    await whole.open('FREE');
    await whole.ledger.submit(reserve(account, { 'image.short': 1 }));
  });
  afterEach(() => whole.close());

  test('nothing: the books are right', async () => {
    expect(await verifyLedger(whole)).toMatchObject({ accounts: 2, problems: [], firstWrong: null, notes: [] });
  });

  test('an emptied ledger_account is not right, and every account is named', async () => {
    await tamper('TRUNCATE ledger_account', [], whole);
    const { accounts, problems, firstWrong } = await verifyLedger(whole);
    expect([accounts, problems.length, firstWrong]).toEqual([0, 2, account]);
    expect(problems[0]).toBe(
      `${account}: is not in ledger_account, but has rows elsewhere: 1 in account, 1 in account_due, 1 in audit_entry, 1 in credit_grant, 2 in journal, 1 in reservation`,
    );
  });

  test.each(['account', 'account_due', 'credit_grant', 'reservation', 'journal'])(
    'an emptied %s is not right',
    async (table) => {
      await tamper(`TRUNCATE ${table}`, [], whole);
      const { problems, firstWrong } = await verifyLedger(whole);
      expect(firstWrong).toBe(account);
      expect(problems.length).toBeGreaterThan(0);
    },
  );

  test('rows of an account that is in no other table are found, wherever they are', async () => {
    await tamper(`DELETE FROM ledger_account WHERE account_id = $1`, [account], whole);
    for (const table of ['account', 'account_due', 'audit_entry', 'credit_grant', 'reservation', 'journal']) {
      const { problems } = await verifyLedger(whole);
      expect(problems.filter((problem) => problem.startsWith(account)).join()).toContain(` in ${table}`);
      await tamper(`DELETE FROM ${table} WHERE account_id = $1`, [account], whole);
    }
    expect((await verifyLedger(whole)).problems).toEqual([]);
  });

  test('external ids: unclaimed, claimed for another, claimed and never opened', async () => {
    const other = '00000000-0000-7000-8000-00000000000e';
    await tamper(`UPDATE account SET external_id = 'ours' WHERE account_id = $1`, [account], whole);
    expect((await verifyLedger(whole)).problems).toEqual([`${account}: its external id "ours" is not claimed for it`]);
    const claim = `INSERT INTO external_account (external_id, sandbox, account_id, input) VALUES ($1, $2, $3, '{}')`;
    await tamper(claim, ['ours', false, account], whole);
    await tamper(claim, ['never', false, other], whole);
    expect(await verifyLedger(whole)).toMatchObject({
      problems: [],
      notes: ['1 external id is claimed for accounts that were never opened'],
    });
    await tamper(claim, ['theirs', true, account], whole);
    expect((await verifyLedger(whole)).problems).toEqual([
      `${account}: has the external id "ours", but "theirs" is claimed for it`,
    ]);
  });

  test('nothing but claims is not right', async () => {
    await tamper(
      `INSERT INTO external_account (external_id, sandbox, account_id, input) VALUES ('lost', false, $1, '{}')`,
      [account],
      whole,
    );
    for (const table of [
      'ledger_account',
      'account',
      'audit_entry',
      'account_due',
      'credit_grant',
      'reservation',
      'journal',
      'event',
    ])
      await tamper(`TRUNCATE ${table}`, [], whole);
    const { accounts, problems } = await verifyLedger(whole);
    expect([accounts, problems]).toEqual([
      0,
      ['there is no account, but 1 external id is claimed for accounts that were never opened'],
    ]);
  });

  test('price lists: without prices, gone under their prices, gone under the reservations', async () => {
    await tamper('DELETE FROM price WHERE price_list_version = 2', [], whole);
    expect((await verifyLedger(whole)).problems).toEqual(['price list 2 has no prices']);
    await tamper('DELETE FROM price_list WHERE version = 1', [], whole);
    const catalog = { ...whole.catalog, priceLists: whole.catalog.priceLists.filter(({ version }) => version !== 1) };
    const { problems } = await verifyLedger({ ...whole, catalog });
    expect(problems.join()).toContain('price list 1 is gone, or operations of it are; its prices are there');
    expect(problems.join()).toContain('there is no price list 1');
  });

  test('a feed that would give positions out again', async () => {
    await whole.ledger.submit(grant(account, 5));
    await tamper(`SELECT setval('event_feed_seq', 1, false)`, [], whole);
    await whole.ledger.submit(grant(account, 5));
    await tamper(`UPDATE event SET feed_seq = feed_seq + 10`, [], whole);
    expect((await verifyLedger(whole)).problems.join()).toContain('positions would be given twice');
  });
});
