/** Every statement of the writer on tables of a million rows: by which index it reads, how much it touches, and that writing still works. */
import { createTestLedger, reserve } from '../server/dist/testing/test-ledger.js';
import {
  countBlocks,
  findBadPaths,
  multiplyAccount,
  recordStatements,
} from '../server/dist/testing/test-access-paths.js';
import { verifyLedger } from '../server/dist/ledger/books/verify.js';

const BLOCKS_MAX = 400;

export async function prove({ bounded, check, say }) {
  const rows = bounded ? 100_000 : 1_000_000;
  const books = await createTestLedger();
  try {
    const { sent, accounts } = await recordStatements(books);
    say(`        filling the tables up to ${rows.toLocaleString('en')} rows each …`);
    await multiplyAccount(books.url, accounts[0], rows);
    const { rows: sizes } = await books.pool.query(
      `SELECT relname AS name, reltuples::bigint AS n FROM pg_class WHERE relname IN ('ledger_account', 'reservation', 'journal', 'event') ORDER BY relname`,
    );
    const shown = sizes.map(({ name, n }) => `${name} ${n.toLocaleString('en')}`).join(', ');
    check(
      `${sent.size} statements on ${shown}: each reads by account or key`,
      (await findBadPaths(books.url, sent)).join('\n        '),
    );
    const blocks = [...(await countBlocks(books.url, sent))];
    const most = Math.max(...blocks.map(([, count]) => count));
    check(
      `none of them touches more than ${BLOCKS_MAX} blocks; the most is ${most}`,
      blocks
        .filter(([, count]) => count > BLOCKS_MAX)
        .map(([name, count]) => `${name}: ${count}`)
        .join(', '),
    );
    // A writer that began before the tables grew, and one that comes now.
    for (const [what, writer] of [
      ['an old writer', books.ledger],
      ['a new one', books.another()],
    ]) {
      const outcomes = await Promise.all(
        accounts.flatMap((account) =>
          Array.from({ length: 5 }, () => writer.submit(reserve(account, { 'content.generate': 1 }, { spend: true }))),
        ),
      );
      const failed = outcomes.filter(({ kind }) => kind !== 'reservation');
      check(`${what} goes on among them`, failed.length === 0 ? '' : JSON.stringify(failed[0]));
    }
    const { problems } = await verifyLedger({ ...books, accountIds: accounts });
    check('the books are right', problems.slice(0, 5).join('\n        '));
  } finally {
    await books.close();
  }
}
