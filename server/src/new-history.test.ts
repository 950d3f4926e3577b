import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { nextUuid } from './kit/next-uuid.js';
import { startTestApp } from './testing/test-app.js';
import type { TestApp } from './testing/test-app.js';
import { dump, restore } from './testing/test-dump.js';
import { until } from './testing/test-until.js';

let app: TestApp;
beforeEach(async () => {
  app = await startTestApp();
});
afterEach(() => app.close());

interface Ran {
  readonly printed: () => string;
  readonly ended: Promise<number | null>;
  stop(): void;
}

function run(file: string, env: Record<string, string>): Ran {
  const child = spawn(process.execPath, [file], { env: { PATH: process.env['PATH'], ...env } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = once(child, 'exit').then(([code]: unknown[]) => code as number | null);
  return { printed: () => printed, ended, stop: () => void child.kill('SIGKILL') };
}

const historyOf = async (id: string): Promise<string | undefined> =>
  (await app.gql<{ balance: { history: string } }>(`query ($id: ID!) { balance(accountId: $id) { history } }`, { id }))
    .data?.balance.history;

async function hold(accountId: string, lines: Readonly<Record<string, number>>): Promise<void> {
  const operations = Object.entries(lines).map(([operation, quantity]) => ({ operation, quantity }));
  const input = { accountId, operations, idempotencyKey: nextUuid() };
  const { errors } = await app.gql(
    `mutation ($input: ReserveCreditsInput!) { reserveCredits(input: $input) { __typename } }`,
    { input },
  );
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
}

test('npm run new-history begins a history, names it, and servers that run go over to it', async () => {
  const id = await app.openAccount();
  const before = await historyOf(id);
  const ran = run(fileURLToPath(new URL('../dist/run-new-history.js', import.meta.url)), {
    DATABASE_URL: app.databaseUrl,
    NODE_ENV: 'test',
  });
  expect([await ran.ended, ran.printed()]).toEqual([0, expect.stringMatching(/^A new history began: hist_\w+\./)]);
  const begun = /hist_\w+/.exec(ran.printed())?.[0];
  expect(begun).not.toBe(before);
  let now = await historyOf(id);
  for (let tries = 0; now !== begun && tries < 200; tries++) now = await historyOf(id);
  expect(now).toBe(begun);
  const client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
  const { rows } = await client.query('SELECT number, because FROM history ORDER BY number');
  await client.end();
  expect(rows).toEqual([
    { number: 1, because: 'the first of this database' },
    { number: 2, because: 'npm run new-history' },
  ]);
});

test('the sample of docs/api.md hears of every warning, from the place of now, and goes on after a restored database', async () => {
  const docs = readFileSync(new URL('../../docs/api.md', import.meta.url), 'utf8');
  const sample =
    docs
      .split('```js\n')
      .find((block) => block.includes('{ eventCursor }'))
      ?.split('```')[0] ?? '';
  const file = fileURLToPath(new URL(`../dist/sample-${process.pid}.mjs`, import.meta.url));
  const token = JSON.stringify(app.serviceToken);
  writeFileSync(file, `const token = ${token};\n${sample.replace('http://127.0.0.1:4000', app.url)}`);
  const id = await app.openAccount();
  const ran = run(file, {});
  try {
    await until(() => app.app.live.feed.liveCount === 1, 30_000);
    const backup = await dump(app.databaseUrl);
    await hold(id, { 'video.short': 4 });
    await until(() => ran.printed().includes('No credits are left.'), 30_000);
    await restore(app.databaseUrl, backup);
    await hold(id, { 'video.short': 3, 'image.short': 2 });
    await until(() => ran.printed().includes('15 credits left'), 30_000);
  } finally {
    ran.stop();
    await ran.ended;
    rmSync(file);
  }
});
