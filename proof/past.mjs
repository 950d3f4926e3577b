/**
 * The past of a ledger that has grown: balance, first page of entries, a month's statement, a past balance and periods, each asked through
 * the API on 1,000 entries and then, in the same run, on a million over ten thousand accounts, all made by the real ledger. None may take
 * more than three times as long, and none may read a table of accounts but by account.
 *
 * PAST_ENTRIES and PAST_ACCOUNTS say other sizes.
 */
import { createTestLedger, clock, grant, reserve } from '../server/dist/testing/test-ledger.js';
import { startTestApp } from '../server/dist/testing/test-app.js';
import { findBadPaths } from '../server/dist/testing/test-access-paths.js';
import { recordQueries } from '../server/dist/testing/test-queries.js';
import { verifyLedger } from '../server/dist/ledger/books/verify.js';
import { formatId } from '@aibc/shared/ids';

const TIMES_MAX = 3;
const FEW = 1_000;
const ENTRIES_AN_ACCOUNT = 100;
const AT_ONCE = 128;
const SAMPLES = 60;
const START = Date.UTC(2026, 0, 1);
const MONTHS = 3;

const READS = {
  balance: '{ balance(accountId: "ID") { available } }',
  'first page of entries': '{ account(id: "ID") { entries { edges { node { id kind amount explanation } } } } }',
  'statement of a month':
    '{ account(id: "ID") { statement(from: "2026-02-01", to: "2026-02-28") { opening spent expired closing granted { source credits } } } }',
  balanceAt: '{ balanceAt(accountId: "ID", at: "2026-02-10T12:00:00Z") { version available held waiting } }',
  periods:
    '{ account(id: "ID") { periods { edges { node { spent expired operations granted { source credits } } } } } }',
};

/** One account with so many entries: spends over three months, a gift each month. */
async function fill(books, entries) {
  const account = await books.open('ENTERPRISE', { now: START });
  const spends = Math.max(1, Math.floor((entries - 3 * MONTHS) / 2 / MONTHS));
  for (let month = 0; month < MONTHS; month++) {
    await books.ledger.submit(clock(account, Date.UTC(2026, month, 5)));
    await books.ledger.submit(grant(account, 20, { expiresAt: Date.UTC(2026, month, 25) }));
    for (let index = 0; index < spends; index++)
      await books.ledger.submit(reserve(account, { 'image.short': 1 }, { spend: true }));
  }
  return account;
}

async function fillUpTo(books, accounts, count) {
  const next = async () => {
    while (accounts.length + filling < count) {
      filling++;
      const account = await fill(books, ENTRIES_AN_ACCOUNT);
      filling--;
      accounts.push(account);
    }
  };
  let filling = 0;
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, next));
}

/** The median time of each read, over accounts spread among all. */
async function measure(app, accounts) {
  const times = Object.fromEntries(Object.keys(READS).map((name) => [name, []]));
  const step = Math.max(1, Math.floor(accounts.length / SAMPLES));
  for (let sample = 0; sample < SAMPLES; sample++) {
    const id = formatId('acct', accounts[(sample * step) % accounts.length]);
    for (const [name, document] of Object.entries(READS)) {
      const startedAt = performance.now();
      const { errors } = await app.gql(document.replace('ID', id));
      if (errors) throw new Error(`${name}: ${JSON.stringify(errors)}`);
      times[name].push(performance.now() - startedAt);
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1]]),
  );
}

export async function prove({ bounded, check, say }) {
  const entries = Number(process.env.PAST_ENTRIES ?? (bounded ? 20_000 : 1_000_000));
  const count = Number(process.env.PAST_ACCOUNTS ?? Math.ceil(entries / ENTRIES_AN_ACCOUNT));
  const books = await createTestLedger();
  const app = await startTestApp({ databaseUrl: books.url });
  try {
    const accounts = [];
    await fillUpTo(books, accounts, FEW / ENTRIES_AN_ACCOUNT);
    await books.pool.query('ANALYZE');
    await measure(app, accounts);
    const few = await measure(app, accounts);
    say(`        making ${entries.toLocaleString('en')} entries over ${count.toLocaleString('en')} accounts …`);
    await fillUpTo(books, accounts, count);
    await books.pool.query('VACUUM ANALYZE');
    const { rows } = await books.pool.query(
      'SELECT count(*) FILTER (WHERE kind IS NOT NULL) AS entries, count(DISTINCT account_id) AS accounts FROM journal',
    );
    say(
      `        ${rows[0].entries.toLocaleString('en')} entries over ${rows[0].accounts.toLocaleString('en')} accounts`,
    );
    await measure(app, accounts);
    const many = await measure(app, accounts);
    for (const name of Object.keys(READS)) {
      const ratio = many[name] / few[name];
      check(
        `${name}: ${many[name].toFixed(1)} ms, ${few[name].toFixed(1)} ms on 1,000 entries, ${ratio.toFixed(2)} times`,
        ratio <= TIMES_MAX ? '' : `more than ${TIMES_MAX} times`,
      );
    }
    const sent = await recordQueries(() => measure(app, accounts.slice(0, 1)));
    const statements = new Map(
      sent
        // What the server does by itself meanwhile is no part of them.
        .filter(({ text }) => /^\s*(\/\*.*?\*\/\s*)?SELECT/s.test(text) && !/\/\* (punctual|history)\./.test(text))
        .map(({ text, values }) => [text, { name: text.slice(0, 60), text, values }]),
    );
    check(
      `${statements.size} statements of these reads: each by account, no table is scanned`,
      (await findBadPaths(books.url, statements)).join('\n        '),
    );
    const { problems } = await verifyLedger({ ...books, accountIds: accounts.slice(0, bounded ? 50 : 500) });
    check('the books are right', problems.slice(0, 5).join('\n        '));
  } finally {
    await app.close();
    await books.close();
  }
}
