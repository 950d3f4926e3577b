import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const client = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(dirname(createRequire(import.meta.url).resolve('@graphql-codegen/cli/package.json')), 'esm/bin.js');

test('the generated files are what schema.graphql and the operations give', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, '--config', 'codegen.ts', '--check'], {
    cwd: client,
    encoding: 'utf8',
  });
  expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
});
