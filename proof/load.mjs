/** Callers of a server under proof: they spend through its API, and repeat what fails under its key. */
import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 10;
const REPEAT_EVERY_MS = 50;
/** How long a request is repeated under its key before it counts as lost. */
const REPEAT_MS_MAX = 120_000;
const SPEND = 'mutation S($input: SpendCreditsInput!) { spendCredits(input: $input) { __typename } }';

/** Callers that spend again and again over connections that stay open, and repeat what fails under its key. */
export class Load {
  counts = { answered: 0, failed: 0, lost: 0 };
  failures = [];
  slowestMs = 0;
  isOver = false;
  /** What each key was answered: the type. */
  answers = new Map();

  constructor({ port, token, accounts, callers, operation = 'content.generate' }) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: callers });
    Object.assign(this, { port, token, accounts, agent, operation });
    this.done = Promise.all(Array.from({ length: callers }, (_none, caller) => this.call(caller)));
  }

  async call(caller) {
    for (let turn = 0; !this.isOver; turn++) {
      const idempotencyKey = `${caller}-${turn}-${Math.random()}`;
      const accountId = this.accounts[caller % this.accounts.length];
      const problem = await this.spend(accountId, idempotencyKey);
      if (problem === null) this.counts.answered++;
      else {
        this.counts.failed++;
        this.failures.push(problem);
        await this.repeat(accountId, idempotencyKey);
      }
      await sleep(PAUSE_MS);
    }
  }

  /** @returns what went wrong; null: nothing */
  async spend(accountId, idempotencyKey) {
    const startedAt = performance.now();
    const input = { accountId, idempotencyKey, operations: [{ operation: this.operation }] };
    try {
      const { status, body } = await post(this.port, this.token, SPEND, { input }, this.agent);
      this.slowestMs = Math.max(this.slowestMs, Math.round(performance.now() - startedAt));
      if (status !== 200 || !body.data) return `${status} ${codeIn(body)} ${JSON.stringify(body).slice(0, 200)}`;
      this.answers.set(idempotencyKey, body.data.spendCredits.__typename);
      return null;
    } catch (error) {
      return error.code ?? error.message;
    }
  }

  async repeat(accountId, idempotencyKey) {
    const startedAt = performance.now();
    while (performance.now() - startedAt < REPEAT_MS_MAX) {
      await sleep(REPEAT_EVERY_MS);
      if ((await this.spend(accountId, idempotencyKey)) === null) return;
    }
    this.counts.lost++;
  }

  /** Waits until so many more requests are done. */
  async more(count) {
    const { answered, failed } = this.counts;
    while (this.counts.answered + this.counts.failed < answered + failed + count) await sleep(5);
  }

  async end() {
    this.isOver = true;
    await this.done;
    this.agent.destroy();
  }
}

/** The code of the first error of an answer. */
const codeIn = (body) => body?.errors?.[0]?.extensions?.code ?? 'without a code';

/** A request over HTTP, and its answer as JSON. */
export async function post(port, token, query, variables, agent) {
  const asked = http.request({
    host: '127.0.0.1',
    port,
    path: '/graphql',
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  });
  asked.end(JSON.stringify({ query, variables }));
  const [answer] = await once(asked, 'response');
  let text = '';
  for await (const data of answer) text += data;
  try {
    return { status: answer.statusCode, body: JSON.parse(text) };
  } catch {
    return { status: answer.statusCode, body: text };
  }
}

/** Opens an account of the largest plan. @returns its public id */
export async function openAccount(port, token) {
  const query = 'mutation A($input: CreateAccountInput!) { createAccount(input: $input) { id } }';
  const { body } = await post(port, token, query, { input: { name: 'Proof', plan: 'ENTERPRISE', sandbox: false } });
  return body.data.createAccount.id;
}
