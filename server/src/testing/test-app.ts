import type { FormattedExecutionResult } from 'graphql';
import { SignJWT } from 'jose';
import type { Logger } from 'pino';
import type { App } from '../app.js';
import { createApp } from '../app.js';
import type { Role } from '../auth/caller.js';
import { SCOPES } from '../auth/caller.js';
import { createTestDatabase } from '../db/test-database.js';
import type { Env } from '../env.js';
import { readEnv } from '../env.js';
import { RawSocket } from './test-socket.js';

const SECRET = 'a secret that only tests know, long enough';

/** Claims of a token beyond what every test token has. */
export interface TokenClaims {
  readonly kind?: 'user' | 'service' | 'operator';
  readonly sub?: string;
  /** Public ids. */
  readonly accounts?: Readonly<Record<string, Role>> | '*';
  readonly scope?: string;
  readonly name?: string;
  readonly expiresInSeconds?: number;
  /** From now on; 0 unless said. */
  readonly issuedInSeconds?: number;
}

export interface GraphQLAnswer<Data> extends Pick<FormattedExecutionResult, 'errors'> {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Data | null;
}

export interface NewAccount {
  readonly plan?: 'FREE' | 'PRO' | 'ENTERPRISE';
  readonly sandbox?: boolean;
  readonly now?: string;
  readonly billingAnchor?: string;
  readonly externalId?: string;
  readonly timeZone?: string;
}

/** A real server on a port and a database of its own. For tests. */
export interface TestApp {
  readonly app: App;
  /** What it was started with. */
  readonly env: Env;
  readonly url: string;
  readonly wsUrl: string;
  readonly databaseUrl: string;
  /** Every scope on every account. */
  readonly serviceToken: string;
  readonly operatorToken: string;
  token(claims?: TokenClaims): Promise<string>;
  /** A person's token: the owner of the account unless said otherwise. */
  userToken(accountId: string, role?: Role, sub?: string): Promise<string>;
  /** Over HTTP. Without a token nobody is signed in. */
  gql<Data = Record<string, never>>(
    query: string,
    variables?: Record<string, unknown>,
    token?: string | null,
  ): Promise<GraphQLAnswer<Data>>;
  /** Opens an account and gives its public id; by default a sandbox account on PRO whose clock stands at 2026-01-01. */
  openAccount(account?: NewAccount): Promise<string>;
  /** A raw socket, not signed in yet. */
  socket(options?: { origin?: string; subprotocol?: string }): Promise<RawSocket>;
  /** A socket that has signed in. */
  signedIn(token: string): Promise<RawSocket>;
  /** A second server on the same database, as another process would be. */
  another(): Promise<TestApp>;
  close(): Promise<void>;
}

/** What a test may choose; the rest is as in production, with a token secret of the tests. */
export interface TestAppOptions {
  readonly env?: Partial<Env>;
  /** An existing database, which is then left alone. */
  readonly databaseUrl?: string;
  readonly logger?: Logger;
}

/** Starts a whole server; `close` it in the end. */
export async function startTestApp({
  env: overrides = {},
  databaseUrl,
  logger,
}: TestAppOptions = {}): Promise<TestApp> {
  const database =
    databaseUrl === undefined ? await createTestDatabase() : { url: databaseUrl, drop: () => Promise.resolve() };
  const env: Env = {
    ...readEnv({ NODE_ENV: 'test', AUTH_JWT_SECRET: SECRET, LOG_LEVEL: 'silent', PORT: '0', HOST: '127.0.0.1' }),
    metrics: { port: null, token: null, isOpen: true },
    databaseUrl: database.url,
    ...overrides,
  };
  const app = await createApp(env, logger === undefined ? {} : { logger }).catch(async (error: unknown) => {
    await database.drop();
    throw error;
  });
  const url = await app.listen(0, '127.0.0.1');
  const wsUrl = `${url.replace('http', 'ws')}/graphql`;
  const sockets = new Set<RawSocket>();
  const others: TestApp[] = [];

  const token: TestApp['token'] = async ({
    kind = 'user',
    sub = `test-${kind}`,
    accounts,
    scope,
    name,
    expiresInSeconds = 3600,
    issuedInSeconds = 0,
  } = {}) => {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      kind,
      ...(accounts === undefined ? {} : { accounts }),
      ...(scope === undefined ? {} : { scope }),
      ...(name === undefined ? {} : { name }),
    })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(sub)
      .setIssuedAt(now + issuedInSeconds)
      .setExpirationTime(now + expiresInSeconds)
      .sign(new TextEncoder().encode(SECRET));
  };
  const serviceToken = await token({ kind: 'service', scope: SCOPES.join(' ') });
  const operatorToken = await token({ kind: 'operator' });

  const gql = async <Data>(
    query: string,
    variables: Record<string, unknown> = {},
    bearer: string | null = serviceToken,
  ): Promise<GraphQLAnswer<Data>> => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    const body = (await response.json()) as Pick<GraphQLAnswer<Data>, 'data' | 'errors'>;
    return { ...body, status: response.status, headers: response.headers };
  };

  const socket: TestApp['socket'] = async (options = {}) => {
    const opened = await RawSocket.open(wsUrl, options);
    sockets.add(opened);
    return opened;
  };

  return {
    app,
    env,
    url,
    wsUrl,
    databaseUrl: database.url,
    serviceToken,
    operatorToken,
    token,
    userToken: (accountId, role = 'owner', sub = 'test-user') => token({ sub, accounts: { [accountId]: role } }),
    gql,
    async openAccount({ plan = 'PRO', sandbox = true, now = '2026-01-01T00:00:00.000Z', ...rest } = {}) {
      const input = { name: 'Test', plan, sandbox, ...(sandbox ? { now } : {}), ...rest };
      const { data, errors } = await gql<{ createAccount: { id: string } }>(
        'mutation Open($input: CreateAccountInput!) { createAccount(input: $input) { id } }',
        { input },
      );
      if (data == null) throw new Error(`not opened: ${JSON.stringify(errors)}`);
      return data.createAccount.id;
    },
    socket,
    async signedIn(bearer) {
      const opened = await socket();
      await opened.signIn(bearer);
      return opened;
    },
    async another() {
      const other = await startTestApp({ env: overrides, databaseUrl: database.url });
      others.push(other);
      return other;
    },
    async close() {
      for (const open of sockets) open.terminate();
      for (const other of others) await other.close();
      await app.close();
      await database.drop();
    },
  };
}
