/** Random concurrent histories over two and three writers, calm and with their backends terminated, against the model. */
import pg from 'pg';

import { checkHistory } from '../server/dist/testing/test-history-check.js';
import { playHistory, seeded } from '../server/dist/testing/test-history.js';
import { createTestLedger } from '../server/dist/testing/test-ledger.js';

const AT_ONCE = 20;

export async function prove({ bounded, check, database }) {
  const calm = bounded ? 200 : 2_000;
  const rough = bounded ? 40 : 400;
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));
  // On a slow machine a connection may be ended many times before it has written anything: its ledger goes on trying.
  const books = await createTestLedger({ deadlineMs: 50_000 });
  try {
    const problems = await play(books, [books.ledger, books.another(), books.another()], calm, seed, {});
    check(
      `${calm} random histories over three writers fit the model (seed ${seed})`,
      problems.slice(0, 5).join('\n        '),
    );

    const quiet = { onError: () => {} };
    const killing = killBackends(database.url, new URL(books.url).pathname.slice(1));
    const torn = await play(books, [books.another(quiet), books.another(quiet)], rough, seed + calm, { lossy: true });
    const killed = await killing.stop();
    check(
      `${rough} more with ${killed} backends terminated below them fit it too`,
      torn.slice(0, 5).join('\n        ') || (killed > 0 ? '' : 'no backend was terminated'),
    );

    const live = bounded ? 30 : 150;
    const alive = await play(books, [books.ledger, books.another()], live, seed + calm + rough, { live: true });
    check(
      `${live} on live accounts, whose holds end by the database's clock, fit it too`,
      alive.slice(0, 5).join('\n        '),
    );

    const { rows } = await books.pool.query(
      `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`,
    );
    check('not one deadlock', rows[0].deadlocks === 0 ? '' : `${rows[0].deadlocks} deadlocks`);
  } finally {
    await books.close();
  }
}

async function play(books, writers, histories, seed, options) {
  const problems = [];
  for (let first = 0; first < histories && problems.length === 0; first += AT_ONCE) {
    const batch = await Promise.all(
      Array.from({ length: Math.min(AT_ONCE, histories - first) }, (_, index) =>
        playHistory(books, writers, seeded(seed + first + index), options),
      ),
    );
    for (const history of batch) problems.push(...(await checkHistory(books, history, options)));
  }
  return problems;
}

function killBackends(url, database) {
  let playing = true;
  const run = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    let killed = 0;
    while (playing) {
      const { rowCount } = await client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'aibc-credits ledger' AND random() < 0.4`,
        [database],
      );
      killed += rowCount ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 100));
    }
    await client.end();
    return killed;
  };
  const killed = run();
  return {
    stop() {
      playing = false;
      return killed;
    },
  };
}
