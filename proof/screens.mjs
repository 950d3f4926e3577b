/** The dashboard's rooms and states against WCAG 2.2 AA, in every width and scheme, each in a page of its own. */
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { capture, tool } from '../scripts/project.mjs';

export async function prove({ bounded, check }) {
  const results = join(tmpdir(), `aibc-credits-screens-${process.pid}.json`);
  const { output } = await capture(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings',
      tool('jest'),
      '--selectProjects',
      'browser',
      '--testMatch',
      '<rootDir>/client/e2e/screens.proof.ts',
      '--runInBand',
      '--json',
      `--outputFile=${results}`,
    ],
    { env: { ...process.env, ...(bounded ? { SCREENS_BOUNDED: '1' } : {}) } },
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
  for (const { title, status, failureMessages } of tests)
    check(title, status === 'passed' ? '' : failureMessages.join('\n        ') || status);
  if (!success || tests.length === 0) check('the screens are walked to the end', output.slice(-4_000));
}
