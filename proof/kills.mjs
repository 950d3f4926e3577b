/**
 * Two server processes on one database, 2,000 mixed operations through their API, and in the middle `kill -9` of one of them, every
 * connection of the database cut, or `kill -9` of everything, the database too. Callers try again under the same keys. Afterwards every acknowledged operation is there once,
 * none twice, the books are right, and no hold is without an end.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { createTestDatabase } from '../server/dist/db/test-database.js';
import { catalogEntities } from '../server/dist/catalog/catalog-entities.js';
import { loadCatalog } from '../server/dist/catalog/load-catalog.js';
import { createDataSource } from '../server/dist/db/data-source.js';
import { ISO_IN_UTC, ledgerTypes } from '../server/dist/db/ledger-types.js';
import { verifyLedger } from '../server/dist/ledger/books/verify.js';
import { seeded } from '../server/dist/testing/test-history.js';
import { freePort } from '../server/dist/testing/test-server.js';
import { Server, sign, signService } from './server.mjs';

const CALLERS = 24;
const ACCOUNTS = 12;
const OPERATIONS = 2_000;

export async function prove({ bounded, check, say, database: cluster }) {
  const kills = bounded ? 3 : 20;
  const cuts = bounded ? 1 : 5;
  const blackouts = cluster.crash === null ? 0 : bounded ? 1 : 5;
  const database = await createTestDatabase();
  const token = await signService();
  const operator = await sign({ kind: 'operator' });
  const servers = [new Server(await freePort(), database.url), new Server(await freePort(), database.url)];
  let databaseUrl = database.url;
  let pool = poolOf(databaseUrl);
  try {
    await servers[0].start();
    await servers[1].start();
    const dataSource = await createDataSource({ url: database.url, entities: catalogEntities }).initialize();
    const catalog = await loadCatalog(dataSource);
    await dataSource.destroy();
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000));
    /** The power is cut and comes back. */
    const blackout = async () => {
      for (const one of servers) await one.kill();
      await cluster.crash();
      databaseUrl = Object.assign(new URL(databaseUrl), { port: new URL(cluster.url).port }).href;
      await pool.end();
      pool = poolOf(databaseUrl);
      await Promise.all(servers.map((one) => one.start(databaseUrl)));
    };
    const rounds = [
      ...Array.from({ length: kills }, (_, index) => [
        `kill -9 of server ${(index % 2) + 1}, ${index + 1} of ${kills}`,
        () => servers[index % 2].restart(),
      ]),
      ...Array.from({ length: cuts }, (_, index) => [
        `every connection cut, ${index + 1} of ${cuts}`,
        () => cutConnections(pool),
      ]),
      ...Array.from({ length: blackouts }, (_, index) => [
        `kill -9 of everything, ${index + 1} of ${blackouts}`,
        blackout,
      ]),
    ];
    for (const [index, [what, harm]] of rounds.entries()) {
      const { problem, facts } = await playRound({
        servers,
        pool: () => pool,
        catalog,
        token,
        operator,
        random: seeded(seed + index),
        harm,
      });
      check(`${what}: ${facts}`, problem);
      if (problem) say(`        seed ${seed + index}`);
    }
    check('no hold is left that has ended', await findForgottenHolds(pool));
  } finally {
    for (const server of servers) await server.kill();
    await pool.end();
    process.env.TEST_DATABASE_URL = cluster.url;
    if (blackouts === 0) await database.drop();
  }
}

function poolOf(url) {
  const pool = new pg.Pool({ connectionString: url, types: ledgerTypes, options: ISO_IN_UTC, max: 2 });
  pool.on('error', () => {});
  return pool;
}

async function cutConnections(pool) {
  for (let times = 0; times < 5; times++) {
    await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
    );
    await sleep(150);
  }
}

const RECEIPT = '... on ReservationReceipt { replayed reservation { id } }';
const CLOSED = `${RECEIPT} ... on ReservationClosed { reservation { id } }`;
const MUTATIONS = {
  reserveCredits: ['ReserveCreditsInput', RECEIPT],
  spendCredits: ['SpendCreditsInput', RECEIPT],
  commitReservation: ['CommitReservationInput', CLOSED],
  releaseReservation: ['ReleaseReservationInput', CLOSED],
  extendReservation: ['ExtendReservationInput', CLOSED],
  addToReservation: ['AddToReservationInput', CLOSED],
  grantCredits: ['GrantCreditsInput', '... on GrantReceipt { replayed grant { id } }'],
};

/** Sends one operation until it is answered; counts the tries that were not. */
class Api {
  unanswered = 0;
  isOver = false;

  constructor(servers, token, operator, random) {
    Object.assign(this, { servers, token, operator, random });
  }

  async send(query, input, { as = this.token } = {}) {
    for (;;) {
      const server = this.servers[Math.floor(this.random() * this.servers.length)];
      const answer = await this.once(server, query, input, as);
      if (answer) return answer;
      if (this.isOver) throw new Error('the round is over');
      this.unanswered++;
      await sleep(20);
    }
  }

  async once(server, query, input, as) {
    let response;
    let body;
    try {
      response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${as}` },
        body: JSON.stringify({ query, variables: { input } }),
        signal: AbortSignal.timeout(15_000),
      });
      body = await response.json();
    } catch {
      return null;
    }
    const code = body.errors?.[0]?.extensions?.code;
    if (code === 'UNAVAILABLE' || code === 'RATE_LIMITED' || response.status === 503) return null;
    if (body.errors && code !== 'NOT_FOUND')
      throw new Error(`${JSON.stringify(body.errors)} for ${query} ${JSON.stringify(input)}`);
    return body.data ? Object.values(body.data)[0] : { __typename: code };
  }

  mutate(name, input) {
    const [type, shown] = MUTATIONS[name];
    const query = `mutation Proof($input: ${type}!) { ${name}(input: $input) { __typename ${shown} } }`;
    return this.send(query, input, name === 'grantCredits' ? { as: this.operator } : {});
  }
}

async function playRound({ servers, token, operator, random, ...rest }) {
  const api = new Api(servers, token, operator, random);
  try {
    return await play({ api, random, ...rest });
  } finally {
    api.isOver = true;
  }
}

async function play({ api, pool: poolNow, catalog, random, harm }) {
  const pick = (from) => from[Math.floor(random() * from.length)];
  const accounts = await Promise.all(
    Array.from({ length: ACCOUNTS }, async (_, index) => {
      const sandbox = index % 3 === 0;
      const input = { name: 'Proof', plan: 'ENTERPRISE', sandbox, externalId: `proof-${random()}-${index}` };
      return (
        await api.send('mutation Proof($input: CreateAccountInput!) { createAccount(input: $input) { id } }', input)
      ).id;
    }),
  );
  const acknowledged = [];
  const open = [];
  let sent = 0;
  const harmAt = 300 + Math.floor(random() * 1_200);
  let harming = Promise.resolve();

  const operation = (index) => {
    const idempotencyKey = `${Math.floor(random() * 1e15)}-${index}`;
    const roll = random();
    const ttlSeconds = random() < 0.5 ? 1 : 600;
    const operations = [
      {
        operation: pick(['image.short', 'regeneration.basic', 'content.generate']),
        quantity: 1 + Math.floor(random() * 3),
      },
    ];
    if (roll < 0.45 || open.length === 0)
      return ['reserveCredits', { accountId: pick(accounts), idempotencyKey, operations, ttlSeconds }];
    if (roll < 0.55) return ['spendCredits', { accountId: pick(accounts), idempotencyKey, operations }];
    if (roll < 0.6)
      return ['grantCredits', { accountId: pick(accounts), idempotencyKey, credits: 20, reason: 'proof' }];
    const reservationId = pick(open);
    if (roll < 0.8) return ['commitReservation', { reservationId, idempotencyKey }];
    if (roll < 0.88)
      return ['commitReservation', { reservationId, idempotencyKey, amount: 1, final: false, policy: 'IF_AVAILABLE' }];
    if (roll < 0.95) return ['releaseReservation', { reservationId, idempotencyKey }];
    if (roll < 0.975) return ['addToReservation', { reservationId, idempotencyKey, operations }];
    return ['extendReservation', { reservationId, idempotencyKey, ttlSeconds: 700 }];
  };
  const call = async () => {
    while (sent < OPERATIONS) {
      const index = sent++;
      const [name, input] = operation(index);
      if (index === harmAt) harming = harm();
      const answer = await api.mutate(name, input);
      acknowledged.push({ name, input, answer });
      if (name === 'reserveCredits' && answer.reservation) {
        open.push(answer.reservation.id);
        if (open.length > 60) open.splice(0, 1);
      }
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
  await harming;

  const pool = poolNow();
  const uuids = accounts.map(uuidOf);
  const problems = [];
  // Again, all of it: what was acknowledged is repeated, with the same reservation, grant or refusal.
  let next = 0;
  const repeat = async () => {
    while (next < acknowledged.length) {
      const { name, input, answer } = acknowledged[next++];
      const again = await api.mutate(name, input);
      const same =
        again.__typename === answer.__typename &&
        again.reservation?.id === answer.reservation?.id &&
        again.grant?.id === answer.grant?.id;
      if (!same || again.replayed === false)
        problems.push(`${name} ${input.idempotencyKey}: ${JSON.stringify(answer)}, and again ${JSON.stringify(again)}`);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, repeat));

  const { rows } = await pool.query(
    `SELECT idempotency_key AS key, count(*) AS times FROM journal WHERE account_id = ANY($1::uuid[]) AND idempotency_key IS NOT NULL GROUP BY 1`,
    [uuids],
  );
  const times = new Map(rows.map((row) => [row.key, row.times]));
  const decided = acknowledged.filter(({ answer }) => answer.__typename !== 'NOT_FOUND');
  for (const { input } of decided)
    if (times.get(input.idempotencyKey) !== 1)
      problems.push(`${input.idempotencyKey} is written ${times.get(input.idempotencyKey) ?? 0} times`);
  if (times.size !== decided.length) problems.push(`${decided.length} were acknowledged, ${times.size} are written`);
  const { problems: wrong, accounts: verified } = await verifyLedger({ pool, catalog, accountIds: uuids });
  problems.push(...wrong);
  if (verified !== ACCOUNTS) problems.push(`${verified} accounts are there, not ${ACCOUNTS}`);
  const fresh = acknowledged.filter(({ answer }) => answer.replayed === false).length;
  return {
    problem: problems.slice(0, 5).join('\n        '),
    facts: `${decided.length} acknowledged operations are there once (${fresh} of them with an effect), ${api.unanswered} tries went unanswered`,
  };
}

/** Waits, without touching an account, until every hold that has ended is closed. */
async function findForgottenHolds(pool) {
  for (let tries = 0; tries < 100; tries++) {
    const { rows } = await pool.query(
      `SELECT count(*) AS n FROM reservation r JOIN ledger_account a USING (account_id) WHERE r.status = 'HELD' AND NOT a.sandbox AND r.expires_at < now() - interval '1 second'`,
    );
    if (rows[0].n === 0) return '';
    await sleep(100);
  }
  return 'holds that ended are still open after 10 s';
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The uuid in a public id: 26 letters of Crockford's base 32. */
function uuidOf(id) {
  let value = 0n;
  for (const letter of id.slice(id.indexOf('_') + 1)) value = value * 32n + BigInt(ALPHABET.indexOf(letter));
  const hex = value.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
