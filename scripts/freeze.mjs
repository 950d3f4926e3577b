/**
 * `npm run freeze -- <number>` freezes a database of this version: every row, and the answers to every command and read, in
 * server/src/testing/frozen/<number>.jsonl. Later versions restore it, upgrade it and have to answer the same (frozen.test.ts).
 *
 * Works over an empty database named by DATABASE_URL, or over a PostgreSQL of its own. Why and when: docs/upgrades.md.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

import { SignJWT } from 'jose';
import pg from 'pg';

import { workOnFree, workOnLive, workOnPro } from './freeze/deeds.mjs';
import { documents } from './freeze/documents.mjs';
import { workWithLimits } from './freeze/limits.mjs';
import { workWithMoney } from './freeze/money.mjs';
import { START } from './freeze/start.mjs';
import { root } from './project.mjs';

const SECRET = 'a secret that only frozen databases know';
/** Never in a fixture: what a process writes for itself, and the list of migrations, which is in the head. */
const LEFT_OUT = ['migration', 'readiness', 'readiness_page'];

const number = process.argv[2];
if (!/^\d+$/.test(number ?? '')) throw new Error('Say the number of the frozen database: npm run freeze -- 2');

const dist = (path) => import(new URL(`../server/dist/${path}`, import.meta.url).href);

/** One account of the studio, its commands under keys of their own. */
class Account {
  constructor(studio, name, id) {
    Object.assign(this, { studio, name, id, commands: 0 });
  }

  key = () => `${this.name}-${++this.commands}`;
  input = (more) => ({ accountId: this.id, idempotencyKey: this.key(), ...more });
  grant = (more) => this.studio.command('grant', 'operator', this.input(more));
  quote = async (operations) => (await this.ask('quote', { input: { accountId: this.id, operations } })).quote.token;
  ask = (document, variables) => this.studio.ask(document, 'service', { id: this.id, ...variables });
  advance = (to) => this.studio.ask('clock', 'service', { input: { accountId: this.id, to } });
  spend = (more, as = 'service') => this.studio.command('spend', as, this.input(more));
  reserve = async (more, as = 'service') =>
    (await this.studio.command('reserve', as, this.input(more))).reserveCredits.reservation?.id;
  hold = (document, reservationId, more, as) =>
    this.studio.command(document, as, { reservationId, idempotencyKey: this.key(), ...more });
  commit = (id, more, as = 'service') => this.hold('commit', id, more, as);
  release = (id) => this.hold('release', id, {}, 'service');
  add = (id, more) => this.hold('add', id, more, 'service');
  extend = (id, more) => this.hold('extend', id, more, 'service');

  /** A quote in a caller's hands when the database is frozen. */
  async quoted(operation, quantity) {
    const { quote } = await this.ask('quote', { input: { accountId: this.id, operations: [{ operation, quantity }] } });
    this.studio.quotes.push({ account: this.id, operation, quantity, ...quote });
  }
}

class Studio {
  callers = {
    service: { kind: 'service', sub: 'frozen-service', scope: SCOPES },
    operator: { kind: 'operator', sub: 'frozen-operator' },
  };
  accounts = {};
  commands = [];
  quotes = [];
  apiKey = null;

  constructor(url) {
    this.url = url;
  }

  as(name, claims) {
    this.callers[name] = claims;
    return name;
  }

  async tokenOf(as) {
    if (as === 'key') return this.apiKey;
    const { sub, ...claims } = this.callers[as];
    const jwt = new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(sub)
      .setIssuedAt()
      .setExpirationTime('1h');
    return jwt.sign(new TextEncoder().encode(SECRET));
  }

  async ask(document, as, variables) {
    const query = documents[document];
    const used = Object.fromEntries(Object.entries(variables).filter(([name]) => query.includes(`$${name}:`)));
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await this.tokenOf(as)}` },
      body: JSON.stringify({ query, variables: used }),
    });
    const { data, errors } = await response.json();
    if (errors !== undefined) throw new Error(`${document} ${JSON.stringify(variables)}: ${JSON.stringify(errors)}`);
    return data;
  }

  /** A command under a key, which is repeated when all is done. */
  async command(document, as, input) {
    this.commands.push({ document, as, variables: { input } });
    return this.ask(document, as, { input });
  }

  /** The same, where the key stands beside the input. */
  async keyed(document, as, input, idempotencyKey) {
    this.commands.push({ document, as, variables: { input, idempotencyKey } });
    return this.ask(document, as, { input, idempotencyKey });
  }

  /** Waits for what the server does by itself, as charging a saved card. */
  async until(isSo) {
    for (let times = 0; times < 600; times += 1) {
      if (await isSo()) return;
      await setTimeout(100);
    }
    throw new Error(`not within a minute: ${isSo}`);
  }

  async open(name, { sandbox = true, ...more }) {
    const input = { name, sandbox, ...(sandbox ? { now: START } : {}), ...more };
    const { createAccount } = await this.ask('open', 'service', { input });
    if (more.externalId !== undefined) this.commands.push({ document: 'open', as: 'service', variables: { input } });
    this.accounts[name] = createAccount.id;
    return new Account(this, name, createAccount.id);
  }

  async makeKey(as, account, scopes) {
    const input = { name: 'Frozen', accountId: account.id, scopes };
    this.apiKey = (await this.ask('key', as, { input })).createApiKey.secret;
  }

  /** Every command again, then every list page by page: as it has to be answered from now on. */
  async exchanges() {
    const exchanges = [];
    const record = async (one) => {
      exchanges.push({ ...one, data: await this.ask(one.document, one.as, one.variables) });
      return exchanges.at(-1).data;
    };
    // What shows a live account as it is now changes while it lies.
    const isLive = ({ variables }) => JSON.stringify(variables).includes(this.accounts.live);
    const liveHolds = new Set();
    for (const command of this.commands) {
      const { input } = command.variables;
      if (isLive(command) || liveHolds.has(input.reservationId) || input.idempotencyKey?.startsWith('live-')) continue;
      await record(command);
    }
    for (const [name, id] of Object.entries(this.accounts)) {
      if (name === 'live') continue;
      await record({ document: 'account', as: 'service', variables: { id } });
      for (const creditType of ['STANDARD', 'SCAN'])
        await record({ document: 'grants', as: 'service', variables: { id, creditType } });
      for (const creditType of ['STANDARD', 'SCAN'])
        await record({ document: 'figures', as: 'service', variables: { id, creditType } });
      for (const document of ['settings', 'audit']) await record({ document, as: 'service', variables: { id } });
      for (const document of ['entries', 'events', 'reservations', 'purchases'])
        for (let after = null; after !== undefined;) {
          const { account } = await record({ document, as: 'service', variables: { id, after } });
          const { hasNextPage, endCursor } = account[document].pageInfo;
          after = hasNextPage ? endCursor : undefined;
        }
      const input = { accountId: id, from: '2026-01-01', to: '2026-04-30' };
      for (const groupBy of [['DAY'], ['FEATURE', 'TYPE', 'OPERATION'], ['PROJECT', 'MEMBER']])
        await record({ document: 'usage', as: 'service', variables: { input: { ...input, groupBy } } });
    }
    return exchanges;
  }
}

const { SCOPES: scopes } = await dist('auth/caller.js');
const SCOPES = scopes.join(' ');

async function writeFrozen(databaseUrl, studio, exchanges) {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c TimeZone=UTC -c DateStyle=ISO,MDY' });
  await client.connect();
  const file = createWriteStream(join(root, `server/src/testing/frozen/${number}.jsonl`));
  const line = (kind, value) => file.write(`${JSON.stringify({ kind, ...value })}\n`);
  const rowsOf = async (text) => (await client.query(text)).rows;
  try {
    const migrations = (await rowsOf('SELECT name FROM migration ORDER BY id')).map(({ name }) => name);
    const { accounts, callers, quotes, apiKey } = studio;
    line('head', { number: Number(number), migrations, accounts, callers, quotes, apiKey, documents });
    for (const { name } of await rowsOf(
      `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
    )) {
      if (LEFT_OUT.includes(name)) continue;
      const rows = await rowsOf(`SELECT json_strip_nulls(to_json(t))::text AS row FROM "${name}" t`);
      line('table', { name, rows: rows.map(({ row }) => JSON.parse(row)) });
    }
    for (const { name, last } of await rowsOf(
      `SELECT sequencename::text AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' AND sequencename <> 'migration_id_seq'`,
    ))
      line('sequence', { name, last });
    for (const exchange of exchanges) line('exchange', exchange);
  } finally {
    await client.end();
    await new Promise((resolve) => file.end(resolve));
  }
}

async function freeze(databaseUrl) {
  const { createApp } = await dist('app.js');
  const { readEnv } = await dist('env.js');
  const env = readEnv({ NODE_ENV: 'test', AUTH_JWT_SECRET: SECRET, LOG_LEVEL: 'silent', PORT: '0', HOST: '127.0.0.1' });
  const app = await createApp({ ...env, databaseUrl });
  try {
    const studio = new Studio(await app.listen(0, '127.0.0.1'));
    await workOnPro(studio);
    await workOnFree(studio);
    await workWithMoney(studio);
    await workWithLimits(studio);
    await workOnLive(studio);
    const exchanges = await studio.exchanges();
    await writeFrozen(databaseUrl, studio, exchanges);
    console.log(`Frozen: ${Object.keys(studio.accounts).length} accounts, ${exchanges.length} answers.`);
  } finally {
    await app.close();
  }
}

if (process.env.DATABASE_URL) await freeze(process.env.DATABASE_URL);
else {
  const { startEmbeddedPostgres } = await dist('postgres/embedded-postgres.js');
  const dataDir = await mkdtemp(join(tmpdir(), 'aibc-credits-freeze-'));
  const embedded = await startEmbeddedPostgres({ dataDir, say: () => {} });
  try {
    await freeze(embedded.url);
  } finally {
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
