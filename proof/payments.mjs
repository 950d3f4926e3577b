/**
 * The same payment told ten times at once, by redirect, webhook and reconciliation, and the server ended by `kill -9` at every step of it: between it and
 * its database, and between it and the provider, lie proxies that count what passes, and at one count the server is killed, before or after the
 * other side has heard. The same for refunds and top-ups. Afterwards there is one grant and one charge, nothing is stuck, and the provider saw
 * one key an order.
 */
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { createTestDatabase } from '../server/dist/db/test-database.js';
import { ISO_IN_UTC, ledgerTypes } from '../server/dist/db/ledger-types.js';
import { catalogEntities } from '../server/dist/catalog/catalog-entities.js';
import { loadCatalog } from '../server/dist/catalog/load-catalog.js';
import { createDataSource } from '../server/dist/db/data-source.js';
import { verifyLedger } from '../server/dist/ledger/books/verify.js';
import { freePort } from '../server/dist/testing/test-server.js';
import { TEST_WEBHOOK_SECRET, TestStripe } from '../server/dist/testing/test-stripe.js';
import { parseId, parseOwnedId } from '../shared/dist/ids.js';
import { Server, sign } from './server.mjs';

const TELLERS = 10;
const SETTLED_MS_MAX = 60_000;

export async function prove({ bounded, check }) {
  const places = bounded ? 3 : 10;
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, types: ledgerTypes, options: ISO_IN_UTC, max: 4 });
  const stripe = new TestStripe();
  const { port: stripePort } = await stripe.listen();
  const steps = new Steps();
  const url = new URL(database.url);
  const toDatabase = await openProxy(Number(url.port), steps);
  const toStripe = await openProxy(stripePort, steps);
  url.port = String(toDatabase.port);
  const settings = {
    STRIPE_SECRET_KEY: 'sk_test_local',
    STRIPE_WEBHOOK_SECRET: TEST_WEBHOOK_SECRET,
    STRIPE_API_URL: `http://127.0.0.1:${toStripe.port}`,
  };
  const server = new Server(await freePort(), url.href, { settings, token: await sign({ kind: 'operator' }) });
  const world = { server, stripe, pool };
  try {
    await startWithJobs(server);
    let killed = 0;
    for (const flow of [stripePurchase, sandboxPurchase, refund, topUp]) {
      const whole = await play(world, steps, flow, null);
      check(`${flow.name}: nobody is killed, ${whole.steps} steps`, whole.problem);
      for (let place = 0; place < places; place++) {
        // Around the middle of each part, so that first and last steps are among them.
        const at = 1 + Math.floor((place * whole.steps) / places);
        const { problem, wasKilled } = await play(world, steps, flow, { at, isHeard: place % 2 === 1 });
        killed += wasKilled ? 1 : 0;
        check(`${flow.name}: killed at step ${at}${wasKilled ? '' : ', or at its end'}`, problem);
      }
    }
    const wanted = (places * 4 * 3) / 4;
    check(`${killed} of ${places * 4} kills were in the middle`, killed < wanted ? `fewer than ${wanted}` : '');
    const again = [...stripe.keys.values()].filter((times) => times > 1).length;
    check(`Stripe saw ${stripe.keys.size} keys, ${again} of them again`, again === 0 ? 'none came again' : '');
    const dataSource = await createDataSource({ url: database.url, entities: catalogEntities }).initialize();
    const catalog = await loadCatalog(dataSource);
    await dataSource.destroy();
    const { problems, accounts } = await verifyLedger({ pool, catalog });
    check(`the books of ${accounts} accounts are right`, problems.slice(0, 5).join('\n        '));
  } finally {
    await server.kill();
    for (const proxy of [toDatabase, toStripe]) proxy.close();
    await stripe.close();
    await pool.end();
    await database.drop();
  }
}

/** It begins its jobs at once. */
async function startWithJobs(server) {
  await server.start();
  await server.wake();
}

/** One flow on an account of its own, with a kill in the middle or none. */
async function play(world, steps, flow, kill) {
  const { server, stripe } = world;
  const begun = await flow.prepare(world);
  stripe.events.length = 0;
  steps.arm(kill && { ...kill, act: () => server.child.kill('SIGKILL') });
  // Whoever is not answered has to do it again: that is what happens below.
  await flow.act(world, begun);
  const { count, hasActed } = steps.disarm();
  if (kill) {
    await server.kill();
    await startWithJobs(server);
  }
  const told = kill?.isHeard ? stripe.events.splice(0) : [];
  // Stripe tells again what was not acknowledged; every other time it never does, and jobs have to find out.
  for (const event of told) await deliver(world, event, 1);
  let problem = await flow.finish(world, begun);
  problem ||= await untilSettled(world, begun);
  problem ||= await flow.problem(world, begun);
  return { steps: count, wasKilled: hasActed, problem };
}

/** Has jobs look after payments, and says the time that they wait between, until nothing of the account is left to do. */
async function untilSettled({ server, pool }, { accountId }) {
  await server.wake();
  const startedAt = Date.now();
  for (;;) {
    await lookAfterPayments(pool);
    await sleep(100);
    const { rows } = await pool.query(
      `SELECT purchase_id AS id, 'purchase' AS what FROM purchase WHERE account_id = $1 AND NOT is_settled
        UNION ALL SELECT refund_id, 'refund' FROM refund WHERE account_id = $1 AND ref IS NULL`,
      [accountId],
    );
    if (rows.length === 0) return '';
    if (Date.now() - startedAt > SETTLED_MS_MAX) return `stuck: ${rows.map(({ what, id }) => `${what} ${id}`).join()}`;
  }
}

async function lookAfterPayments(pool) {
  await pool.query(`UPDATE payment_watch SET ask_at = now() - interval '1 second'`);
  await pool.query(`SELECT graphile_worker.add_job('payments', '{}'::json, job_key => 'payments', max_attempts => 1)`);
}

const BUY = `mutation ($input: PurchaseCreditsInput!) { purchaseCredits(input: $input) { __typename
  ... on PurchaseReceipt { purchase { id checkoutUrl } } } }`;
const REFUND = `mutation ($input: RefundPurchaseInput!) { refundPurchase(input: $input) { __typename
  ... on PurchaseReceipt { purchase { id } } } }`;
const SPEND = 'mutation ($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }';
const SET_TOP_UP = `mutation ($input: SetAutoTopUpInput!, $key: String!) {
  setAutoTopUp(input: $input, idempotencyKey: $key) { __typename } }`;

/** Buys a pack up to its checkout. */
async function begin(server, { sandbox, packId = 'pack.200', accountId = null }) {
  const of = accountId ?? (await server.openAccount(sandbox));
  const input = { accountId: of, packId, idempotencyKey: crypto.randomUUID(), savePaymentMethod: true };
  const { purchaseCredits } = await server.ask(BUY, { input });
  const { id, checkoutUrl } = purchaseCredits.purchase;
  return {
    accountId: parseId('acct', of),
    publicId: of,
    purchaseId: parseOwnedId('pur', id).id,
    publicPurchase: id,
    checkoutUrl,
  };
}

const sessionOf = ({ checkoutUrl }) => checkoutUrl.split('/').at(-1);

async function deliver({ server, stripe }, event, times) {
  const { body, signature } = stripe.signed(event);
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  await all(times, () => server.post('/webhooks/stripe', headers, body));
}

const all = (times, act) => Promise.all(Array.from({ length: times }, (_none, index) => act(index)));

/** A purchase that is paid at Stripe: webhooks and a job tell of it at once. */
const stripePurchase = {
  name: 'a payment at Stripe',
  prepare: ({ server }) => begin(server, { sandbox: false }),
  async act(world, begun) {
    world.stripe.pay(sessionOf(begun));
    const events = [...world.stripe.events];
    await Promise.all([
      lookAfterPayments(world.pool),
      ...events.map((event) => deliver(world, event, Math.ceil(TELLERS / events.length))),
    ]);
  },
  finish: () => '',
  async problem(world, begun) {
    const intents = intentsOf(world.stripe, begun.purchaseId).filter(({ status }) => status === 'succeeded');
    if (intents.length !== 1) return `${intents.length} charges`;
    return problemOfPaid(world, begun, 'pay-purchase');
  },
};

/** A purchase that is paid at the sandbox's page: the redirect, ten times at once, and a job. */
const sandboxPurchase = {
  name: 'a payment at the sandbox',
  prepare: ({ server }) => begin(server, { sandbox: true }),
  async act({ server, pool }, { checkoutUrl }) {
    await Promise.all([all(TELLERS, () => redirect(server, checkoutUrl)), lookAfterPayments(pool)]);
  },
  // A buyer whose page broke down opens it again and pays, if it is not paid.
  async finish({ server }, { checkoutUrl }) {
    await redirect(server, checkoutUrl);
    return '';
  },
  problem: (world, begun) => problemOfPaid(world, begun, 'pay-purchase'),
};

function redirect(server, checkoutUrl) {
  const { pathname } = new URL(checkoutUrl);
  return server.post(pathname, { 'content-type': 'application/json' }, JSON.stringify({ outcome: 'succeed' }));
}

/** A refund that five callers ask for under one key and five under others. */
const refund = {
  name: 'a refund at Stripe',
  async prepare(world) {
    const begun = await begin(world.server, { sandbox: false });
    world.stripe.pay(sessionOf(begun));
    for (const event of world.stripe.events.splice(0)) await deliver(world, event, 1);
    return { ...begun, key: crypto.randomUUID() };
  },
  async act({ server }, { publicPurchase: purchaseId, key }) {
    await all(TELLERS, (index) => {
      const idempotencyKey = index % 2 === 0 ? key : crypto.randomUUID();
      return server.ask(REFUND, { input: { purchaseId, idempotencyKey } }).catch(() => null);
    });
  },
  async finish({ server }, { publicPurchase: purchaseId, key }) {
    await server.ask(REFUND, { input: { purchaseId, idempotencyKey: key } });
    return '';
  },
  async problem({ pool, stripe }, { accountId, purchaseId }) {
    const intents = intentsOf(stripe, purchaseId).map(({ id }) => id);
    const sent = [...stripe.refunds.values()].filter(({ payment_intent }) => intents.includes(payment_intent));
    if (sent.length !== 1 || sent[0].amount !== 3_200) return `Stripe sent ${JSON.stringify(sent)}`;
    const { rows } = await pool.query(
      `SELECT refund_id AS id, amount_minor AS amount, ref FROM refund WHERE account_id = $1`,
      [accountId],
    );
    const [row] = rows;
    if (rows.length !== 1 || row.amount !== 3_200 || row.ref !== sent[0].id) return `rows ${JSON.stringify(rows)}`;
    if (!stripe.keys.has(`refund-${row.id}`)) return `Stripe saw no key of ${row.id}`;
    return (await statusOf(pool, purchaseId)) === 'REFUNDED' ? '' : `it is ${await statusOf(pool, purchaseId)}`;
  },
};

/** Work that leaves too little: a job charges the saved method, and webhooks tell of it too. */
const topUp = {
  name: 'a top-up at Stripe',
  async prepare(world) {
    const { server, stripe } = world;
    const begun = await begin(server, { sandbox: false, packId: 'pack.50' });
    stripe.pay(sessionOf(begun));
    for (const event of stripe.events.splice(0)) await deliver(world, event, 1);
    const input = { accountId: begun.publicId, enabled: true, packId: 'pack.50', threshold: 20 };
    await server.ask(SET_TOP_UP, { input, key: crypto.randomUUID() });
    return { ...begun, first: begun.purchaseId, key: crypto.randomUUID() };
  },
  async act(world, begun) {
    await all(TELLERS, () => this.spend(world, begun).catch(() => null));
    // A job charges, and what Stripe did is told by ten webhooks at once.
    for (let tries = 0; tries < 60 && world.server.isUp(); tries++) {
      const told = [...world.stripe.events];
      await Promise.all(told.map((event) => deliver(world, event, TELLERS)));
      if (told.length > 0) return;
      await lookAfterPayments(world.pool);
      await sleep(100);
    }
  },
  spend: ({ server }, { publicId: accountId, key: idempotencyKey }) =>
    server.ask(SPEND, { input: { accountId, idempotencyKey, operations: [{ operation: 'image.mid', quantity: 14 }] } }),
  async finish(world, begun) {
    await this.spend(world, begun);
    return '';
  },
  async problem(world, { accountId, first }) {
    const { pool, stripe } = world;
    const { rows } = await pool.query(
      `SELECT purchase_id AS id, status FROM purchase WHERE account_id = $1 AND purchase_id <> $2`,
      [accountId, first],
    );
    if (rows.length !== 1) return `${rows.length} top-ups: ${JSON.stringify(rows)}`;
    const [{ id }] = rows;
    const intents = intentsOf(stripe, id);
    if (intents.length !== 1) return `${intents.length} charges`;
    if (!stripe.keys.has(`charge-${id}`)) return 'Stripe saw no key of the charge';
    return problemOfPaid(world, { accountId, purchaseId: id }, 'pay-top-up');
  },
};

const intentsOf = ({ intents }, orderId) =>
  [...intents.values()].filter(({ metadata }) => metadata.aibc_order === orderId);

async function statusOf(pool, purchaseId) {
  const { rows } = await pool.query('SELECT status FROM purchase WHERE purchase_id = $1', [purchaseId]);
  return rows[0]?.status;
}

/** Paid, with its credits once. */
async function problemOfPaid({ pool }, { accountId, purchaseId }, cause) {
  const status = await statusOf(pool, purchaseId);
  if (status !== 'PAID') return `it is ${status}`;
  const { rows } = await pool.query(
    `SELECT g.granted, g.source, p.credits, p.bonus_credits AS bonus FROM credit_grant g JOIN purchase p USING (account_id, purchase_id)
      WHERE p.purchase_id = $1`,
    [purchaseId],
  );
  const granted = rows.reduce((sum, row) => sum + row.granted, 0);
  if (granted !== rows[0].credits + rows[0].bonus) return `${granted} were granted in ${rows.length} grants`;
  const groups = await pool.query(
    `SELECT count(DISTINCT version) AS times FROM journal j WHERE account_id = $1 AND command = $3
      AND grant_id IN (SELECT grant_id FROM credit_grant WHERE purchase_id = $2)`,
    [accountId, purchaseId, cause],
  );
  if (groups.rows[0].times !== 1) return `it was paid ${groups.rows[0].times} times`;
  const back = await pool.query(`SELECT count(*) AS times FROM refund WHERE order_id = $1`, [purchaseId]);
  if (back.rows[0].times !== 0) return 'money went back';
  const told = await pool.query(
    `SELECT count(*) AS times FROM event WHERE account_id = $1 AND type = 'PURCHASE_PAID' AND facts::json ->> 'purchaseId' = $2`,
    [accountId, purchaseId],
  );
  return told.rows[0].times === 1 ? '' : `it was announced ${told.rows[0].times} times`;
}

/** Counts what passes the proxies, and acts at one count. */
class Steps {
  count = 0;
  kill = null;
  hasActed = false;

  arm(kill) {
    Object.assign(this, { count: 0, kill, hasActed: false });
  }

  disarm() {
    const { count, hasActed } = this;
    Object.assign(this, { kill: null, hasActed: false });
    return { count, hasActed };
  }

  /** @returns whether the other side still hears it */
  tick() {
    if (this.hasActed) return false;
    this.count++;
    if (this.kill === null || this.count < this.kill.at) return true;
    this.hasActed = true;
    this.kill.act();
    return this.kill.isHeard;
  }
}

/** A way to a port of this machine on which every part that the server sends is a step. */
async function openProxy(port, steps) {
  const sockets = new Set();
  const listener = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [from, to, isSent] of [
      [near, far, true],
      [far, near, false],
    ]) {
      sockets.add(from);
      from.setNoDelay(true);
      from.on('data', (data) => (isSent && !steps.tick()) || to.destroyed || to.write(data));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.end();
      });
    }
  });
  await new Promise((done) => listener.listen(0, '127.0.0.1', done));
  return {
    port: listener.address().port,
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
