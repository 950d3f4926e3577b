/** Tests that `npm test` leaves out, run by jest, each a fact of the proof. */
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { capture, tool } from '../scripts/project.mjs';

/**
 * Runs what the arguments choose and notes each test's end; that none ran, or that jest ended badly, is a fact too.
 *
 * @param name what is run, for that last fact
 * @param args arguments of jest
 * @param env what is added to the environment
 * @param check notes one fact and its problem, empty when it holds
 */
export async function proveByJest(name, args, env, check) {
  const results = join(tmpdir(), `aibc-credits-proof-${process.pid}.json`);
  const { output } = await capture(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', tool('jest'), ...args, '--json', `--outputFile=${results}`],
    { env: { ...process.env, ...env } },
  );
  const read = () => {
    try {
      return JSON.parse(readFileSync(results, 'utf8'));
    } catch {
      return { success: false, testResults: [] };
    }
  };
  const { success, testResults } = read();
  rmSync(results, { force: true });
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  for (const { fullName, status, failureMessages } of tests)
    check(fullName, status === 'passed' ? '' : failureMessages.join('\n        ') || status);
  if (!success || tests.length === 0) check(`${name} run to the end`, output.slice(-4_000));
}
