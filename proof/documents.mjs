/** Random documents over both doors and random frames: whatever is asked, nothing is called the server's fault. */
import { startTestApp } from '../server/dist/testing/test-app.js';
import { fuzzDoors } from '../server/dist/testing/test-fuzz.js';
import { keepErrors } from '../server/dist/testing/test-log.js';

export async function prove({ bounded, check, say }) {
  const documents = bounded ? 3_000 : 20_000;
  const frames = bounded ? 750 : 5_000;
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));
  const { logger, lines } = keepErrors();
  const app = await startTestApp({ logger });
  try {
    const { problems, outcomes } = await fuzzDoors(app, { seed, documents, frames });
    check(
      `${documents} random documents over both doors and ${frames} random frames: not one internal error (seed ${seed})`,
      problems.slice(0, 3).join('\n        '),
    );
    check('and not one line of level error in the log', lines.slice(0, 3).join('        '));
    const { status } = await app.gql('{ __typename }');
    check('and the server answers afterwards', status === 200 ? '' : `HTTP ${status}`);
    const sorted = [...outcomes].sort(([, a], [, b]) => b - a);
    say(`        ${sorted.map(([outcome, count]) => `${outcome} ${count}`).join(', ')}`);
  } finally {
    await app.close();
  }
}
