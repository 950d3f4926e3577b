import { fuzzDoors } from '../testing/test-fuzz.js';
import { keepErrors } from '../testing/test-log.js';
import type { TestApp } from '../testing/test-app.js';
import { startTestApp } from '../testing/test-app.js';

/** A part of what `npm run proof -- documents` asks, always the same. */
const SEED = Number(process.env['SEED'] ?? 20_260_101);
const DOCUMENTS = Number(process.env['DOCUMENTS'] ?? 600);
const FRAMES = Number(process.env['FRAMES'] ?? 150);

let app: TestApp;
const { logger, lines } = keepErrors();

beforeAll(async () => {
  app = await startTestApp({ logger });
});
afterAll(() => app.close());

test(`${DOCUMENTS} random documents over both doors and ${FRAMES} random frames: nothing is called the server's fault`, async () => {
  const { problems, outcomes } = await fuzzDoors(app, { seed: SEED, documents: DOCUMENTS, frames: FRAMES });
  expect(problems).toEqual([]);
  expect(lines).toEqual([]);
  // It reaches what it should: answers, refusals of each step, and closed sockets.
  for (const outcome of [
    'DATA',
    'BAD_USER_INPUT',
    'GRAPHQL_PARSE_FAILED',
    'GRAPHQL_VALIDATION_FAILED',
    'NOT_FOUND',
    'closed 4400',
  ])
    expect([outcome, (outcomes.get(outcome) ?? 0) > 0]).toEqual([outcome, true]);
  expect((await app.gql('{ __typename }')).status).toBe(200);
}, 300_000);
