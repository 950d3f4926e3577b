import { setTimeout as sleep } from 'node:timers/promises';

/** How long a request is tried again while the server is away or busy. */
const RETRY_MS_MAX = 60_000;
const WAIT_MS_MAX = 2_000;

/** An answer that no caller should get; the run ends with a failure. */
export class Unexpected extends Error {
  name = 'Unexpected';
}

/**
 * The API as an integrator sees it, with a session of the demo for each role.
 *
 * A request that finds the server away, busy (UNAVAILABLE) or limiting (RATE_LIMITED) is sent again as it is, and so
 * under the same idempotency key; an expired session is renewed.
 */
export class Api {
  #sessions = new Map();

  constructor(url, tally) {
    this.url = url.replace(/\/+$/, '');
    this.tally = tally;
  }

  /** Resolves to `{ token, accountId }`. */
  session(as) {
    if (!this.#sessions.has(as)) this.#sessions.set(as, this.#open(as));
    return this.#sessions.get(as);
  }

  async #open(as) {
    const { status, body } = await this.#post('/demo/session', { as });
    if (status === 404)
      throw new Unexpected(`${this.url} is not in demo mode: the simulator signs in by POST /demo/session.`);
    if (status !== 200) throw new Unexpected(`POST /demo/session answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async #post(path, json, headers = {}) {
    const response = await fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(json),
    });
    const text = await response.text();
    let body;
    try {
      body = JSON.parse(text);
    } catch {
      body = text.slice(0, 200);
    }
    return { status: response.status, retryAfter: Number(response.headers.get('retry-after') ?? 0), body };
  }

  /**
   * One GraphQL operation as a role of the demo.
   *
   * @returns its data
   * @throws Unexpected for a top-level error that no retry cures
   */
  async call(as, name, query, variables) {
    const until = performance.now() + RETRY_MS_MAX;
    for (let tries = 1; ; tries += 1) {
      const startedAt = performance.now();
      const answer = await this.#try(as, query, variables);
      if (answer.data !== undefined) {
        this.tally.answered(name, performance.now() - startedAt);
        return answer.data;
      }
      if (!answer.again || performance.now() > until) throw new Unexpected(`${name}: ${answer.problem}`);
      this.tally.retried(name, answer.problem);
      await sleep(Math.max(answer.waitMs, Math.min(WAIT_MS_MAX, 25 * 2 ** tries) * (0.5 + Math.random() / 2)));
    }
  }

  async #try(as, query, variables) {
    let answer;
    try {
      const { token } = await this.session(as);
      answer = await this.#post('/graphql', { query, variables }, { authorization: `Bearer ${token}` });
    } catch (error) {
      if (error instanceof Unexpected) throw error;
      this.#forgetFailedSession(as);
      return { again: true, waitMs: 0, problem: error.cause?.code ?? error.message };
    }
    const { body, status, retryAfter } = answer;
    const error = body?.errors?.[0];
    if (error === undefined && body?.data) return { data: body.data };
    const code = error?.extensions?.code ?? `HTTP ${status}`;
    if (code === 'UNAUTHENTICATED') this.#sessions.delete(as);
    const again = ['UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED', 'HTTP 502', 'HTTP 503', 'HTTP 504'].includes(code);
    return { again, waitMs: retryAfter * 1000, problem: `${code}${error ? `, ${error.message}` : ''}` };
  }

  /** A sign-in that failed with the connection is not kept. */
  #forgetFailedSession(as) {
    this.#sessions.get(as)?.catch(() => this.#sessions.delete(as));
  }
}
