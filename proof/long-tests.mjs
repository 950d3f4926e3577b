/** Tests of servers that are killed, cut off and waited for: too long for `npm test` (`*.long.test.ts`). They start a PostgreSQL as `npm test` does. */
import { proveByJest } from './jest.mjs';

export async function prove({ check }) {
  await proveByJest('the long tests', ['--selectProjects', 'long'], { TEST_DATABASE_URL: '' }, check);
}
