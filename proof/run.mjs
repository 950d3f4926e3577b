/**
 * `npm run proof`: the long proofs of the ledger, the doors and the screens, on the built server and a PostgreSQL of their own. `--bounded` runs a short form of
 * each, for continuous integration; names run only those: `npm run proof -- kills`. Ends with `N passed, N failed`.
 */
import { ensureBuilt, ensureInstalled, ensureNode } from '../scripts/project.mjs';

ensureNode();
await ensureInstalled();
await ensureBuilt();
const { startDatabase } = await import('./database.mjs');

const NAMES = [
  'long-tests',
  'histories',
  'kills',
  'payments',
  'mails',
  'access-paths',
  'past',
  'restarts',
  'signals',
  'pooler',
  'full-disk',
  'planted-bugs',
  'documents',
  'screens',
];
const bounded = process.argv.includes('--bounded');
const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = named.filter((name) => !NAMES.includes(name));
if (unknown.length > 0) throw new Error(`there is no proof ${unknown.join(', ')}; there are ${NAMES.join(', ')}`);

const say = (text) => process.stdout.write(`${text}\n`);
let passed = 0;
let failed = 0;
const database = await startDatabase();
try {
  for (const name of NAMES.filter((one) => named.length === 0 || named.includes(one))) {
    say(`\n# ${name}`);
    const startedAt = Date.now();
    process.env.TEST_DATABASE_URL = database.url;
    const { prove } = await import(`./${name}.mjs`);
    /** Notes one fact: `problem` is empty when it holds. */
    const check = (fact, problem) => {
      if (problem) failed++;
      else passed++;
      say(problem ? `not ok  ${fact}\n        ${problem}` : `ok      ${fact}`);
    };
    try {
      await prove({ bounded, say, check, database });
    } catch (error) {
      check(`${name} runs to its end`, error instanceof Error ? error.stack : String(error));
    }
    say(`        ${Math.round((Date.now() - startedAt) / 1000)} s`);
  }
} finally {
  await database.stop();
}
say(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
