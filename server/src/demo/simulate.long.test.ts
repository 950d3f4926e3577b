import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { startTestApp, type TestApp } from '../testing/test-app.js';

const SCRIPT = join(import.meta.dirname, '../../../scripts/simulate.mjs');

let server: TestApp;
let database: pg.Client;

beforeAll(async () => {
  server = await startTestApp({
    env: { demo: true, auth: { jwtSecret: null, jwksUrl: null, issuer: null, audience: null, operatorSubjects: null } },
  });
  database = new pg.Client({ connectionString: server.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database.end();
  await server.close();
});

interface Ran {
  readonly code: number;
  readonly output: string;
}

function simulate(...args: string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, '--url', server.url, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
  });
}

async function readOne<T>(sql: string): Promise<T> {
  return (await database.query(sql)).rows[0] as T;
}

const readPro = () =>
  readOne<{ available: string; period: number }>(
    `SELECT standard_available AS available, period_number AS period FROM ledger_account WHERE plan = 'PRO'`,
  );

const readFree = () =>
  readOne<object>(`SELECT version, standard_available AS available FROM ledger_account WHERE plan = 'FREE'`);

test('it works, quotes, reserves and commits for seconds, every answer is an expected one, and Free is left as it is', async () => {
  const free = await readFree();
  const { code, output } = await simulate('--rate', '20', '--seconds', '3', '--refill', '300');
  expect(output).toMatch(/done +\d+/);
  expect(output).not.toContain('UNEXPECTED');
  expect(code).toBe(0);
  const { works } = await readOne<{ works: number }>(
    `SELECT count(*)::integer AS works FROM reservation WHERE opened_by = 'service:demo-service' AND reference LIKE '%sim-%'`,
  );
  expect(works).toBeGreaterThan(30);
  expect(await readFree()).toEqual(free);
});

test('a hold of a demo account that is left alone ends by itself', async () => {
  const session = await fetch(`${server.url}/demo/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"as":"enterprise"}',
  });
  const { token, accountId } = (await session.json()) as { token: string; accountId: string };
  const { data } = await server.gql<{ reserveCredits: { reservation: { id: string } } }>(
    `mutation { reserveCredits(input: { accountId: "${accountId}", idempotencyKey: "left", operations: [{ operation: "image.short" }], ttlSeconds: 1 }) {
       ... on ReservationReceipt { reservation { id } } } }`,
    {},
    token,
  );
  expect(data?.reserveCredits.reservation.id).toMatch(/^rsv_/);
  await sleep(3_500);
  expect(
    await readOne(
      `SELECT status FROM reservation WHERE opened_by = 'user:demo-enterprise' ORDER BY created_at DESC LIMIT 1`,
    ),
  ).toEqual({
    status: 'EXPIRED',
  });
});

test('its moments: low, empty, refilled, and the next reset', async () => {
  // The traffic of the test above leaves as much as the machine was slow: with these credits the level is OK again.
  await simulate('--account', 'pro', '--refill', '300');
  expect((await simulate('--account', 'pro', '--go-low')).output).toContain('pro: gone low');
  // Holds of other accounts end meanwhile and have warnings of their own.
  expect(
    await readOne(
      `SELECT facts::json ->> 'level' AS level FROM event JOIN ledger_account USING (account_id)
         WHERE plan = 'PRO' AND type LIKE 'BALANCE_%' ORDER BY feed_seq DESC LIMIT 1`,
    ),
  ).toEqual({ level: 'LOW' });
  await simulate('--account', 'pro', '--deplete');
  expect(await readPro()).toEqual({ available: '0', period: 1 });
  await simulate('--account', 'pro', '--refill', '70');
  expect(await readPro()).toEqual({ available: '70', period: 1 });
  const { code } = await simulate('--account', 'pro', '--advance', 'period');
  expect([code, await readPro()]).toEqual([0, { available: '170', period: 2 }]);
});

test.each([
  [['--rate', 'fast'], '--rate fast is not possible'],
  [['--account', 'nobody'], '--account is paid, all or one of'],
  [['--advance', '5y'], '--advance is like'],
  [['--url', 'http://127.0.0.1:9'], 'There is no server at http://127.0.0.1:9'],
])('%j: says what is wrong and ends with 1', async (args, message) => {
  const { code, output } = await simulate(...args);
  expect(output).toContain(message);
  expect(code).toBe(1);
});
