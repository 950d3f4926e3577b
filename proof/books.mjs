/** What the database holds after a proof, beside what the callers were told. */
import { spawnSync } from 'node:child_process';

import pg from 'pg';

import { root } from '../scripts/project.mjs';

/**
 * Compares what the callers of a load were answered with what is kept, in a database that nobody else has written keyed commands to.
 *
 * @returns what does not fit; '': everything that was answered is there once, and nothing else is
 */
export async function findMiscounted(url, { answers }) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT (SELECT count(*) FROM journal WHERE idempotency_key IS NOT NULL)::int AS kept, (SELECT count(*) FROM reservation)::int AS spent`,
    );
    const [{ kept, spent }] = rows;
    const receipts = [...answers.values()].filter((type) => type === 'ReservationReceipt').length;
    return kept === answers.size && spent === receipts
      ? ''
      : `${answers.size} were answered and ${kept} are kept; ${receipts} were told that they spent and ${spent} have`;
  } finally {
    await client.end();
  }
}

/** Runs `verify`. @returns what it says is wrong; '': the books are right */
export function verifyBooks(url) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['server/dist/run-verify.js'], {
    cwd: root,
    env: { PATH: process.env.PATH, DATABASE_URL: url },
    encoding: 'utf8',
  });
  return status === 0 ? '' : `${stdout}${stderr}`;
}
