import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createEmptyDatabase } from './db/test-database.js';
import { migrate } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { revertLastMigration } from './db/revert-migration.js';
import { createTestLedger, grant } from './testing/test-ledger.js';

/** A program of the build, over a database, as npm would run it. */
function run(program: string, url: string, ...args: string[]): { status: number | null; lines: string[] } {
  const file = fileURLToPath(new URL(`../dist/${program}.js`, import.meta.url));
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: url };
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { env, encoding: 'utf8' });
  return { status, lines: `${stdout}${stderr}`.trim().split('\n') };
}

test('verify ends with 0 and one line when the books are right, else with 1 and the first account that differs', async () => {
  const books = await createTestLedger();
  try {
    const first = await books.open('PRO');
    const second = await books.open('FREE');
    for (const account of [first, second]) await books.ledger.submit(grant(account, 1_000));
    expect(run('run-verify', books.url)).toEqual({ status: 0, lines: ['2 accounts, 3 entries: the books are right'] });
    await books.pool.query(
      `UPDATE ledger_account SET standard_promotional = 0, standard_purchased = 1000 WHERE account_id = $1`,
      [second],
    );
    const { status, lines } = run('run-verify', books.url);
    expect([status, lines.length]).toEqual([1, 3]);
    expect(lines[2]).toMatch(
      new RegExp(`^2 accounts, 3 entries: 2 problems, the first account that differs is acct_\\w{26} [(]${second}[)]$`),
    );
    const named = /acct_\w{26}/.exec(lines[2] ?? '')?.[0] ?? '';
    expect(run('run-verify', books.url, named).lines.at(-1)).toContain('1 account, 1 entry: 2 problems');
    expect(run('run-verify', books.url, first).status).toBe(0);
    await books.pool.query('TRUNCATE ledger_account');
    expect(run('run-verify', books.url)).toMatchObject({ status: 1 });
  } finally {
    await books.close();
  }
}, 60_000);

test('a database without accounts proves nothing; its migrations are undone by name', async () => {
  const database = await createEmptyDatabase();
  try {
    await migrate(database.url, migrations);
    expect(run('run-verify', database.url)).toEqual({
      status: 1,
      lines: ['0 accounts, 0 entries: nothing is proven, since there is no account'],
    });
    const last = migrations.at(-1)?.name;
    expect(run('run-migrations', database.url, 'revert', '--force')).toEqual({ status: 0, lines: [`Undone: ${last}`] });
    for (const _ of migrations.slice(1)) await revertLastMigration(database.url, migrations, { force: true });
    expect(run('run-migrations', database.url, 'revert')).toEqual({
      status: 1,
      lines: ['There is no migration to undo.'],
    });
  } finally {
    await database.drop();
  }
}, 120_000);
