import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createTestDatabase } from '../../server/src/db/test-database.js';
import type { TestDatabase } from '../../server/src/db/test-database.js';
import { freePort, startServerProcess } from '../../server/src/testing/test-server.js';
import type { ServerProcess } from '../../server/src/testing/test-server.js';

export type Role = 'free' | 'pro' | 'enterprise' | 'service' | 'operator';
export type Look = { width?: number; scheme?: 'light' | 'dark'; javaScript?: boolean };

type Answer<T> = { data?: T; errors?: { message: string }[] };

/** The built server on a database of its own, the run's browser, and the API as an integrator has it. */
export class Stage {
  private readonly contexts: BrowserContext[] = [];
  private readonly tokens = new Map<Role, { token: string; accountId: string }>();
  /** What the pages said that they should not have: errors, warnings, requests to elsewhere. */
  private readonly complaints: string[] = [];

  private constructor(
    readonly url: string,
    private readonly database: TestDatabase,
    private readonly browser: Browser,
    private readonly env: Record<string, string>,
    private server: ServerProcess,
  ) {}

  /** @param settings  of the server, besides its database and port; none: the demo */
  static async open(settings: Record<string, string> = {}): Promise<Stage> {
    const address = process.env['TEST_BROWSER'];
    if (!address) throw new Error('TEST_BROWSER is not set: run the tests through jest, whose set-up starts a browser');
    const database = await createTestDatabase();
    const port = String(await freePort());
    const env = { DATABASE_URL: database.url, PORT: port, LOG_LEVEL: 'error', ...settings };
    const [server, browser] = await Promise.all([startServerProcess(env), chromium.connect(address)]);
    return new Stage(server.url, database, browser, env, server);
  }

  get databaseUrl(): string {
    return this.database.url;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.end('SIGKILL');
    await this.database.drop();
  }

  /** Ends the server without a word, as a crash does. */
  async killServer(): Promise<void> {
    await this.server.end('SIGKILL');
  }

  async startServer(): Promise<void> {
    this.server = await startServerProcess(this.env);
  }

  /**
   * A page in a browser profile of its own, as another machine would have it.
   *
   * @param path  of the server, or a whole address
   */
  async page(path: string, look: Look = {}): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: look.width ?? 1280, height: 800 },
      colorScheme: look.scheme ?? 'light',
      javaScriptEnabled: look.javaScript ?? true,
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    this.contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(`error: ${error.message}`));
    page.on('console', (message) => {
      // A server that starts or ends answers 503; without one, axe says that it could not read the page's files again.
      const isAboutTheNetwork = /WebSocket|net::ERR|status of 503|preload assets/.test(message.text());
      if (['error', 'warning'].includes(message.type()) && !isAboutTheNetwork) this.complaints.push(message.text());
    });
    page.on('request', (request) => {
      const { hostname } = new URL(request.url());
      if (hostname !== '127.0.0.1') this.complaints.push(`request to ${hostname}`);
    });
    await page.goto(new URL(path, this.url).href);
    return page;
  }

  /** Ends every page of the last test. */
  async clear(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map((context) => context.close()));
  }

  /** @throws Error when a page said what it should not have said since the last time */
  endWithoutComplaints(): void {
    const complaints = this.complaints.splice(0);
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  }

  async session(role: Role): Promise<{ token: string; accountId: string }> {
    const known = this.tokens.get(role);
    if (known !== undefined) return known;
    const response = await fetch(`${this.url}/demo/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ as: role }),
    });
    const session = (await response.json()) as { token: string; accountId: string };
    this.tokens.set(role, session);
    return session;
  }

  /** Asks the API over HTTP, in the name of a demo account's owner. */
  async ask<T>(role: Role, query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { token, accountId } = await this.session(role);
    return this.askAs<T>(token, query, { accountId, ...variables });
  }

  /** Asks the API over HTTP with a token. */
  async askAs<T>(token: string, query: string, variables: Record<string, unknown>): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as Answer<T>;
    if (answer.data === undefined || answer.errors !== undefined)
      throw new Error(JSON.stringify(answer.errors ?? answer));
    return answer.data;
  }

  async balance(role: Role): Promise<ApiBalance> {
    const query = `query ($accountId: ID!) { balance(accountId: $accountId) { id available held used level version nextResetAt } }`;
    return (await this.ask<{ balance: ApiBalance }>(role, query)).balance;
  }

  async spend(role: Role, operation: string): Promise<ApiBalance> {
    const query = `mutation ($accountId: ID!, $key: String!, $operation: ID!) {
      spendCredits(input: { accountId: $accountId, idempotencyKey: $key, operations: [{ operation: $operation, quantity: 1 }] }) {
        __typename ... on Problem { message } ... on ReservationReceipt { balance { id available held used level version nextResetAt } }
      }
    }`;
    const { spendCredits } = await this.ask<{ spendCredits: { message?: string; balance?: ApiBalance } }>(role, query, {
      key: crypto.randomUUID(),
      operation,
    });
    if (spendCredits.balance === undefined) throw new Error(spendCredits.message);
    return spendCredits.balance;
  }

  /** Moves the account's clock to its next reset: a full allowance. */
  async renew(role: Role): Promise<ApiBalance> {
    const { nextResetAt } = await this.balance(role);
    await this.moveClock(role, nextResetAt);
    return this.balance(role);
  }

  /** Moves the account's clock on. */
  async advance(role: Role, seconds: number): Promise<void> {
    const query = `query ($accountId: ID!) { account(id: $accountId) { now } }`;
    const { account } = await this.ask<{ account: { now: string } }>(role, query);
    await this.moveClock(role, new Date(Date.parse(account.now) + 1_000 * seconds).toISOString());
  }

  private async moveClock(role: Role, to: string): Promise<void> {
    const query = `mutation ($accountId: ID!, $to: DateTime!) { advanceTestClock(input: { accountId: $accountId, to: $to }) { id } }`;
    await this.ask(role, query, { to });
  }

  /** Gives an account credits, as an operator does. */
  async grant(role: Role, credits: number): Promise<void> {
    const { accountId } = await this.session(role);
    const query = `mutation ($accountId: ID!, $key: String!, $credits: Credits!) {
      grantCredits(input: { accountId: $accountId, idempotencyKey: $key, credits: $credits, source: PROMOTION, reason: "A test" }) {
        __typename ... on Problem { message }
      }
    }`;
    const { token } = await this.session('operator');
    await this.askAs(token, query, { accountId, key: crypto.randomUUID(), credits });
  }

  /** Opens a hold and leaves it open, as a service does; how many of the operation. */
  async hold(role: Role, operation: string, quantity = 1): Promise<string> {
    const query = `mutation ($accountId: ID!, $key: String!, $operations: [OperationInput!]) {
      reserveCredits(input: { accountId: $accountId, idempotencyKey: $key, operations: $operations }) {
        __typename ... on Problem { message } ... on ReservationReceipt { reservation { id } }
      }
    }`;
    const { reserveCredits } = await this.ask<{ reserveCredits: { message?: string; reservation?: { id: string } } }>(
      role,
      query,
      { key: crypto.randomUUID(), operations: [{ operation, quantity }] },
    );
    if (reserveCredits.reservation === undefined) throw new Error(reserveCredits.message);
    return reserveCredits.reservation.id;
  }

  /** Gives an account's open holds back. */
  async releaseAll(role: Role): Promise<void> {
    const query = `query ($accountId: ID!) { account(id: $accountId) { reservations(status: HELD) { edges { node { id } } } } }`;
    const release = `mutation ($id: ID!, $key: String!) { releaseReservation(input: { reservationId: $id, idempotencyKey: $key }) { __typename } }`;
    const { account } = await this.ask<{ account: { reservations: { edges: { node: { id: string } }[] } } }>(
      role,
      query,
    );
    for (const { node } of account.reservations.edges)
      await this.ask(role, release, { id: node.id, key: crypto.randomUUID() });
  }

  /** Spends until no more than `available` is left, with the operations that fit. */
  async spendDownTo(role: Role, available: number): Promise<ApiBalance> {
    let balance = await this.balance(role);
    const steps: [string, number][] = [
      ['video.long', 100],
      ['image.long', 20],
      ['image.short', 5],
      ['regeneration.basic', 1],
    ];
    for (const [operation, credits] of steps) {
      while (balance.available - credits >= available) balance = await this.spend(role, operation);
    }
    return balance;
  }
}

export type ApiBalance = {
  id: string;
  available: number;
  held: number;
  used: number;
  level: string;
  version: number;
  nextResetAt: string;
};
