/** `npm run check`: types, lint, format, import direction, dead code. All parts run, also when one fails. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { capture, ensureInstalled, ensureNode, root, tool } from './project.mjs';

const node = process.execPath;

const parts = () => [
  { name: 'types of the sources', args: [tool('typescript', 'tsc'), '-b'] },
  ...['shared', 'server', 'client']
    .filter((workspace) => existsSync(join(root, workspace, 'tsconfig.test.json')))
    .map((workspace) => ({
      name: `types of the tests (${workspace})`,
      args: [tool('typescript', 'tsc'), '-p', `${workspace}/tsconfig.test.json`],
    })),
  { name: 'lint', args: [tool('oxlint'), '--type-aware', '--deny-warnings', '--format', 'unix'] },
  {
    name: 'styles',
    args: [
      tool('stylelint', 'stylelint'),
      'client/src/**/*.css',
      '--config',
      'client/stylelint.config.mjs',
      '--max-warnings',
      '0',
    ],
  },
  { name: 'format', args: [tool('oxfmt'), '--check', '.'] },
  {
    name: 'import direction',
    args: [
      tool('dependency-cruiser', 'depcruise'),
      '--config',
      '.dependency-cruiser.mjs',
      'shared/src',
      'server/src',
      'client/src',
    ],
  },
  { name: 'words', args: ['client/check-words.mjs'] },
  { name: 'dead code and packages', args: [tool('knip'), '--no-progress'] },
];

/**
 * Runs every part and prints a line each, with the output of those that fail.
 *
 * @returns how many parts passed and failed
 */
export async function check() {
  const counts = { passed: 0, failed: 0 };
  for (const { name, args } of parts()) {
    const startedAt = performance.now();
    const { code, output } = await capture(node, args);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`);
    if (code === 0) {
      counts.passed += 1;
    } else {
      counts.failed += 1;
      console.log(output.trimEnd().replace(/^/gm, '    '));
    }
  }
  return counts;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureNode();
  await ensureInstalled();
  const { failed } = await check();
  process.exitCode = failed > 0 ? 1 : 0;
}
