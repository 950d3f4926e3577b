import { isDeepStrictEqual } from 'node:util';
import { createDataSource } from '../../db/data-source.js';
import { KeptDigest1700000006100 } from '../../db/migrations/1700000006100-kept-digest.js';
import { createTestLedger, grant, reserve } from '../../testing/test-ledger.js';
import { verifyLedger } from '../books/verify.js';

test('an upgrade sums the answers that were kept before, of many accounts and of one with many', async () => {
  const books = await createTestLedger();
  const dataSource = await createDataSource({ url: books.url }).initialize();
  try {
    const accounts = await Promise.all(Array.from({ length: 30 }, () => books.open('PRO')));
    await Promise.all(accounts.map((account) => books.ledger.submit(grant(account, 5))));
    await Promise.all(accounts.map((account) => books.ledger.submit(reserve(account, { 'video.long': 9 }))));
    expect((await verifyLedger(books)).problems).toEqual([]);
    const before = await books.pool.query('SELECT account_id, kept_digest FROM ledger_account ORDER BY 1');
    // As the program of before wrote them: more than are read at once, of two accounts in the middle.
    await books.pool.query(
      `INSERT INTO journal (account_id, ordinal, command, actor, at, idempotency_key, scope, input, outcome)
        SELECT account_id, 0, 'reserve', 'service:test', now(), 'old-' || n, 'reserve|server', '{"n":' || n || '}',
          '{"k":"refused","refusal":{"kind":"MixedCreditTypes"}}'
        FROM (SELECT account_id FROM ledger_account ORDER BY 1 OFFSET 7 LIMIT 2) a, generate_series(1, 6000) n`,
    );
    expect((await verifyLedger(books)).problems).toHaveLength(2);
    const runner = dataSource.createQueryRunner();
    const migration = new KeptDigest1700000006100();
    await migration.down(runner);
    await runner.startTransaction();
    await migration.up(runner);
    await runner.commitTransaction();
    await runner.release();
    const after = await books.pool.query('SELECT account_id, kept_digest FROM ledger_account ORDER BY 1');
    const changed = after.rows.filter((row, index) => !isDeepStrictEqual(row, before.rows[index]));
    expect(changed).toHaveLength(2);
    expect((await verifyLedger(books)).problems).toEqual([]);
  } finally {
    await dataSource.destroy();
    await books.close();
  }
}, 60_000);
