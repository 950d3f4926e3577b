/**
 * `npm test`: everything that can be proven in minutes, on a fresh clone with nothing but Node. Checks, tests of
 * shared, server and client, browser tests. Ends with one line `N passed, N failed` and the exit code to match.
 *
 * `npm test -- <jest arguments>` runs only the tests that jest then finds.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, ensureInstalled, ensureNode, root, run, tool } from './project.mjs';

/** Prints its progress; counts a suite that does not load, and a test that does not run, as failed. */
async function jest(args, env = {}) {
  const results = join(tmpdir(), `aibc-credits-jest-${process.pid}.json`);
  await run(
    process.execPath,
    ['--experimental-vm-modules', '--no-warnings', tool('jest'), '--json', `--outputFile=${results}`, ...args],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...env } },
  );
  if (!existsSync(results)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests, success } =
    JSON.parse(readFileSync(results, 'utf8'));
  rmSync(results);
  const failed = numFailedTests + numRuntimeErrorTestSuites + numPendingTests + numTodoTests;
  return { passed: numPassedTests, failed: success ? failed : Math.max(failed, 1) };
}

async function browser() {
  const folder = join(root, 'client/e2e');
  const tests = existsSync(folder)
    ? readdirSync(folder, { recursive: true }).filter((name) => /\.test\.tsx?$/.test(name))
    : [];
  if (tests.length === 0) return { passed: 0, failed: 0 };
  const { ensureHeadlessShell } = await import('./chromium.mjs');
  const chromium = await ensureHeadlessShell();
  if (!chromium) return { passed: 0, failed: tests.length };
  // One file at a time: two of them wait for each other's servers, and one that measures time would measure the other too.
  return jest(['--selectProjects', 'browser', '--runInBand'], { CHROMIUM_PATH: chromium });
}

async function all() {
  const total = { passed: 0, failed: 0 };
  const part = async (name, work) => {
    console.log(`\n== ${name}`);
    const { passed, failed } = await work();
    console.log(`== ${name}: ${passed} passed, ${failed} failed`);
    total.passed += passed;
    total.failed += failed;
  };
  const { check } = await import('./check.mjs');
  await part('build', async () => ((await build()) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }));
  await part('check', check);
  await part('tests', () => jest(['--selectProjects', 'shared', 'server', 'client']));
  await part('browser', browser);
  return total;
}

ensureNode();
await ensureInstalled();
const chosen = process.argv.slice(2);
const { passed, failed } = chosen.length > 0 ? await jest(chosen) : await all();
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
