import pg from 'pg';
import { catalogEntities } from './catalog/catalog-entities.js';
import { loadCatalog } from './catalog/load-catalog.js';
import { createDataSource } from './db/data-source.js';
import { ledgerTypes } from './db/ledger-types.js';
import { verifyLedger } from './ledger/books/verify.js';
import { startTestApp, type TestApp } from './testing/test-app.js';
import { type TestCluster, TestClusters } from './testing/test-cluster.js';
import { openTestLink, type TestLink } from './testing/test-link.js';
import { until } from './testing/test-until.js';

const SPEND = `mutation S($input: SpendCreditsInput!) { spendCredits(input: $input) {
  __typename ... on ReservationReceipt { replayed balance { available version } } } }`;
const BALANCE = 'query B($id: ID!) { balance(accountId: $id) { available version } }';

interface Shown {
  readonly available: number;
  readonly version: number;
}
interface Spent {
  readonly spendCredits: { readonly __typename: string; readonly replayed: boolean; readonly balance: Shown };
}

let clusters: TestClusters;
let primary: TestCluster;
/** Follows the primary. */
let standby: TestCluster;
let link: TestLink;
let app: TestApp;
beforeAll(async () => {
  clusters = await TestClusters.make();
});
beforeEach(async () => {
  primary = await clusters.start();
  standby = await clusters.start(primary.port);
  link = await openTestLink(primary.url);
  app = await startTestApp({ databaseUrl: link.url });
});
afterEach(async () => {
  // In the order of what is there: a set-up that failed half-way is taken down as well.
  await app?.close();
  await link?.close();
  await primary?.remove();
  await standby?.remove();
});
afterAll(() => clusters?.remove());

/** Runs one statement on a server. */
async function run(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

const readyz = async () => {
  const answer = await fetch(`${app.url}/readyz`);
  const { reason = null } = (await answer.json()) as { reason?: string };
  return { status: answer.status, reason };
};
const codeOf = ({ errors }: { errors?: readonly { extensions?: object }[] | undefined }) =>
  (errors?.[0]?.extensions as { code?: string } | undefined)?.code;

/** Callers that spend one credit after the other, each tried again under its key until it is answered, and readers beside them. */
class Callers {
  readonly acknowledged = new Set<string>();
  readonly wrong: string[] = [];
  unavailable = 0;
  isOver = false;
  #newest: Shown = { available: Infinity, version: 0 };

  constructor(private readonly accountId: string) {}

  async spend(name: string): Promise<void> {
    for (let index = 0; !this.isOver; index++) {
      const idempotencyKey = `${name}-${index}`;
      for (;;) {
        const answer = await app.gql<Spent>(SPEND, {
          input: { accountId: this.accountId, idempotencyKey, operations: [{ operation: 'regeneration.basic' }] },
        });
        const receipt = answer.data?.spendCredits;
        if (receipt?.__typename === 'ReservationReceipt') {
          this.acknowledged.add(idempotencyKey);
          this.#see(receipt.balance);
          break;
        }
        this.#expectAway(answer);
        if (this.isOver) return;
      }
    }
  }

  /** What is read is never older than what was answered before it was asked for. */
  async read(): Promise<void> {
    while (!this.isOver) {
      const newest = this.#newest;
      const answer = await app.gql<{ balance: Shown }>(BALANCE, { id: this.accountId });
      const shown = answer.data?.balance;
      if (shown === undefined) this.#expectAway(answer);
      else if (shown.version < newest.version) this.wrong.push(`${shown.version} is older than ${newest.version}`);
      else this.#see(shown);
    }
  }

  #see(shown: Shown): void {
    if (shown.version > this.#newest.version) this.#newest = shown;
  }

  #expectAway(answer: Awaited<ReturnType<TestApp['gql']>>): void {
    if (codeOf(answer) === 'UNAVAILABLE' && answer.status === 503) this.unavailable++;
    else this.wrong.push(JSON.stringify(answer));
  }
}

/** Every acknowledged spend is written once, and the books are right. */
async function expectAllThere(url: string, accountId: string, { acknowledged, wrong }: Callers): Promise<void> {
  expect(wrong).toEqual([]);
  expect(acknowledged.size).toBeGreaterThan(0);
  const pool = new pg.Pool({ connectionString: url, types: ledgerTypes, options: '-c TimeZone=UTC', max: 2 });
  const dataSource = await createDataSource({ url, entities: catalogEntities }).initialize();
  try {
    const { rows } = await pool.query<{ key: string; times: number }>(
      `SELECT idempotency_key AS key, count(*) AS times FROM journal WHERE idempotency_key IS NOT NULL GROUP BY 1`,
    );
    const times = new Map(rows.map(({ key, times: count }) => [key, count]));
    expect([...acknowledged].filter((key) => times.get(key) !== 1)).toEqual([]);
    const { problems, accounts } = await verifyLedger({ pool, catalog: await loadCatalog(dataSource) });
    expect({ problems, accounts }).toEqual({ problems: [], accounts: 1 });
    expect(accountId).toMatch(/^acct_/);
  } finally {
    await dataSource.destroy();
    await pool.end();
  }
}

async function openRich(): Promise<string> {
  const accountId = await app.openAccount({ sandbox: false, plan: 'ENTERPRISE' });
  const grant = 'mutation G($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename } }';
  const input = { accountId, idempotencyKey: 'rich', credits: 1_000_000, reason: 'test' };
  expect((await app.gql(grant, { input }, app.operatorToken)).data).toEqual({
    grantCredits: { __typename: 'GrantReceipt' },
  });
  return accountId;
}

test('a standby behind a moved name: UNAVAILABLE and not ready while it only reads, and well again after its promotion, without a restart', async () => {
  const accountId = await openRich();
  const callers = new Callers(accountId);
  const working = [callers.spend('a'), callers.spend('b'), callers.read()];
  await until(async () => callers.acknowledged.size > 20);
  await until(async () => (await readyz()).status === 200);

  link.moveTo(standby.url);
  await primary.stop();
  await until(async () => (await readyz()).reason === 'database read-only');
  expect(await readyz()).toMatchObject({ status: 503 });
  expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  const before = callers.unavailable;
  await until(async () => callers.unavailable > before + 2);
  expect(codeOf(await app.gql(BALANCE, { id: accountId }))).toBe('UNAVAILABLE');

  const acknowledged = callers.acknowledged.size;
  await standby.promote();
  const [written, ready, read, heard] = await Promise.all([
    until(async () => callers.acknowledged.size > acknowledged),
    until(async () => (await readyz()).status === 200),
    until(async () => (await app.gql(BALANCE, { id: accountId })).errors === undefined),
    until(async () => app.app.live.doorbell.connected),
  ]);
  process.stderr.write(
    `after the promotion: written ${written.toFixed()} ms, ready ${ready.toFixed()} ms, read ${read.toFixed()} ms, heard ${heard.toFixed()} ms\n`,
  );
  callers.isOver = true;
  await Promise.all(working);
  await expectAllThere(standby.url, accountId, callers);
}, 180_000);

test('a primary that was left behind and answers on is read no more', async () => {
  const accountId = await openRich();
  const callers = new Callers(accountId);
  const working = [callers.spend('a'), callers.read(), callers.read()];
  await until(async () => callers.acknowledged.size > 20);

  await run(primary.url, 'ALTER SYSTEM SET default_transaction_read_only = on');
  await run(primary.url, 'SELECT pg_reload_conf()');
  await until(async () => callers.unavailable > 0 || (await readyz()).status === 503);
  await until(hasAll);
  link.moveTo(standby.url);
  await standby.promote();
  const acknowledged = callers.acknowledged.size;
  await until(async () => callers.acknowledged.size > acknowledged + 20);
  // Nobody of ours is left at the old one.
  await until(async () => (await connectionsTo(primary.url)) === 0);
  callers.isOver = true;
  await Promise.all(working);
  await expectAllThere(standby.url, accountId, callers);

  async function hasAll(): Promise<boolean> {
    const lsn = async (url: string, name: string) =>
      (await run(url, `SELECT pg_wal_lsn_diff(${name}(), '0/0')::float8 AS lsn`)).rows[0] as { lsn: number };
    const written = await lsn(primary.url, 'pg_current_wal_lsn');
    return (await lsn(standby.url, 'pg_last_wal_replay_lsn')).lsn >= written.lsn;
  }

  async function connectionsTo(url: string): Promise<number> {
    const { rows } = await run(
      url,
      `SELECT count(*)::integer AS count FROM pg_stat_activity WHERE application_name LIKE 'credits%'`,
    );
    return (rows[0] as { count: number }).count;
  }
}, 180_000);

test('a primary that is set read-only for a while: UNAVAILABLE, and well again when it may be written to', async () => {
  const accountId = await openRich();
  const callers = new Callers(accountId);
  const working = [callers.spend('a'), callers.spend('b'), callers.read()];
  await until(async () => callers.acknowledged.size > 20);
  await run(primary.url, 'ALTER SYSTEM SET default_transaction_read_only = on');
  await run(primary.url, 'SELECT pg_reload_conf()');
  await until(async () => (await readyz()).reason === 'database read-only');
  await until(async () => callers.unavailable > 2);
  await run(primary.url, 'ALTER SYSTEM RESET default_transaction_read_only');
  await run(primary.url, 'SELECT pg_reload_conf()');
  const acknowledged = callers.acknowledged.size;
  const [written, ready] = await Promise.all([
    until(async () => callers.acknowledged.size > acknowledged),
    until(async () => (await readyz()).status === 200),
  ]);
  process.stderr.write(`writable again: written ${written.toFixed()} ms, ready ${ready.toFixed()} ms\n`);
  callers.isOver = true;
  await Promise.all(working);
  await expectAllThere(primary.url, accountId, callers);
}, 180_000);
