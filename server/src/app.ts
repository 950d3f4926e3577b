import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AccountDirectory } from './accounts/account-directory.js';
import { AccountEntity, ExternalAccountEntity } from './accounts/account.entity.js';
import { AccountsResolver, ViewerAccountsResolver } from './accounts/accounts.resolver.js';
import { crossLevels } from './alerts/cross-levels.js';
import type { ResolverInstances } from './api/api-schema.js';
import { buildApiSchema } from './api/api-schema.js';
import { GraphQLEngine } from './api/graphql-engine.js';
import { OperationMetrics } from './api/metrics.js';
import type { ApiServer } from './api/serve-api.js';
import { serveApi } from './api/serve-api.js';
import { stampBalance, stampedRole } from './api/stamp-balance.js';
import { ApiKeyEntity } from './auth/api-key.entity.js';
import { ApiKeys } from './auth/api-keys.js';
import { AuthResolver } from './auth/auth.resolver.js';
import type { DemoRole, DemoSession } from './auth/demo-session.js';
import { createDemoSession } from './auth/demo-session.js';
import { DEFAULT_RATE_LIMITS, RateLimits } from './auth/rate-limits.js';
import { readServerSecret } from './auth/server-secrets.js';
import type { Authenticate } from './auth/verify-token.js';
import { createAuthenticator } from './auth/verify-token.js';
import { catalogEntities } from './catalog/catalog-entities.js';
import { CatalogStore } from './catalog/catalog-store.js';
import { CatalogResolver } from './catalog/catalog.resolver.js';
import { seedCatalog } from './catalog/seed-catalog.js';
import { createDataSource } from './db/data-source.js';
import { startEmbeddedPostgres } from './db/embedded-postgres.js';
import { ledgerTypes } from './db/ledger-types.js';
import { migrate } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { createDecisionRules } from './decision-rules.js';
import { startDemoClock } from './demo/demo-clock.js';
import { seedDemo } from './demo/seed-demo.js';
import type { Env } from './env.js';
import { startPunctual } from './jobs/punctual.js';
import { BalanceResolver } from './ledger/balance.resolver.js';
import { CreditGrantEntity } from './ledger/credit-grant.entity.js';
import { JournalEntity } from './ledger/journal.entity.js';
import { LedgerAccounts } from './ledger/ledger-accounts.js';
import { LedgerResolver } from './ledger/ledger.resolver.js';
import type { Ledger } from './ledger/ledger.js';
import { openLedger } from './ledger/open-ledger.js';
import { AccountReader } from './ledger/read-account.js';
import { ReservationEntity } from './ledger/reservation.entity.js';
import { attachLive } from './live/attach-live.js';
import { Live } from './live/live.js';
import { LiveResolver } from './live/live.resolver.js';
import { createSharedSubscribe } from './live/shared-subscribe.js';
import { createLogger } from './logger.js';
import { DASHBOARD_DIR, DATA_DIR } from './project-paths.js';
import { UsageDayEntity } from './usage/usage-day.entity.js';
import { UsageResolver } from './usage/usage.resolver.js';

const ENTITIES = [
  ...catalogEntities,
  AccountEntity,
  ExternalAccountEntity,
  ApiKeyEntity,
  CreditGrantEntity,
  JournalEntity,
  ReservationEntity,
  UsageDayEntity,
];
const READY_MS_MAX = 2_000;

/** A whole server in this process. */
export interface App {
  /** Where it listens, as in `http://127.0.0.1:4000`; throws before `listen`. */
  readonly url: string;
  readonly databaseUrl: string;
  readonly dataSource: DataSource;
  readonly ledger: Ledger;
  readonly live: Live;
  /** Opens a session of the demo; null when this is none. */
  readonly openDemoSession: ((as: DemoRole) => Promise<DemoSession>) | null;
  /** @returns the url */
  listen(port?: number, host?: string): Promise<string>;
  /** Not ready from now on; answers what it has begun, sends its sockets elsewhere, lets go of the database. Within about 15 s. */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly logger?: Logger;
  /** Told in plain words what the start is doing. */
  readonly say?: (message: string) => void;
}

/**
 * Puts the application together: database, migrations, secrets, catalogue, ledger, worker, live feeds, doors.
 *
 * Any number of processes may start at once on one database, and any number of applications in one process. Nothing here reads the
 * environment, hooks signals or ends the process.
 *
 * @throws Error with one clear line when the database cannot be had
 */
export async function createApp(env: Env, { logger = createLogger(env), say }: AppOptions = {}): Promise<App> {
  /** In the order of the start; undone in reverse. */
  const undo: (() => Promise<unknown> | void)[] = [];
  const unwind = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await Promise.resolve(step()).catch((error: unknown) => logger.error({ err: error }, 'closing'));
    }
  };
  try {
    const databaseUrl = await openDatabase(env, undo, say);
    await migrate(databaseUrl, migrations);
    return await assemble({ env, logger, databaseUrl, undo, unwind });
  } catch (error) {
    await unwind();
    throw error;
  }
}

async function openDatabase(
  env: Env,
  undo: (() => Promise<unknown> | void)[],
  say: AppOptions['say'],
): Promise<string> {
  if (env.databaseUrl !== null) return env.databaseUrl;
  const embedded = await startEmbeddedPostgres({ dataDir: DATA_DIR, ...(say === undefined ? {} : { say }) });
  undo.push(() => embedded.stop());
  return embedded.url;
}

interface Parts {
  readonly env: Env;
  readonly logger: Logger;
  readonly databaseUrl: string;
  readonly undo: (() => Promise<unknown> | void)[];
  readonly unwind: () => Promise<void>;
}

async function assemble({ env, logger, databaseUrl, undo, unwind }: Parts): Promise<App> {
  const report = (error: unknown, what = 'background'): void => logger.error({ err: error, what }, 'failed');
  const clock = Date.now;

  const dataSource = await createDataSource({
    url: databaseUrl,
    entities: ENTITIES,
    poolSize: env.poolSize,
  }).initialize();
  undo.push(() => dataSource.destroy());
  const reader = new pg.Pool({
    connectionString: databaseUrl,
    types: ledgerTypes,
    max: env.poolSize,
    connectionTimeoutMillis: 5_000,
    application_name: 'credits reads',
    options: '-c TimeZone=UTC -c statement_timeout=5000',
  });
  reader.on('error', (error) => report(error, 'read pool'));
  undo.push(() => reader.end());

  await seedCatalog(dataSource);
  const catalogStore = await CatalogStore.open(dataSource, { onError: (error) => report(error, 'catalogue') });
  undo.push(() => catalogStore.close());
  const catalog = () => catalogStore.current;

  const ledger = openLedger({
    connection: { connectionString: databaseUrl, application_name: 'credits ledger' },
    rules: createDecisionRules(catalog),
    lanes: env.lanes,
    onError: report,
  });
  undo.push(() => ledger.close());

  const secretOf = (name: Parameters<typeof readServerSecret>[1]) => readServerSecret(dataSource, name);
  const [pepper, quoteSecret, demoSecret] = await Promise.all([
    secretOf('api-key-pepper'),
    secretOf('quote-signing'),
    secretOf('demo-jwt'),
  ]);
  const apiKeys = new ApiKeys({ dataSource, pepper, clock });
  apiKeys.start();
  undo.push(() => apiKeys.stop());
  const { authenticate } = createAuthenticator({
    apiKeys,
    clock,
    jwtSecret: env.auth.jwtSecret === null ? undefined : new TextEncoder().encode(env.auth.jwtSecret),
    jwksUrl: env.auth.jwksUrl === null ? undefined : new URL(env.auth.jwksUrl),
    issuer: env.auth.issuer ?? undefined,
    audience: env.auth.audience ?? undefined,
    operatorSubjects: env.auth.operatorSubjects ?? undefined,
    demoSecret: env.demo ? demoSecret : undefined,
  });

  const directory = new AccountDirectory(dataSource);
  const findAccount = async (accountId: string) => directory.find(accountId);
  const accountReader = new AccountReader({ reader, ledger });
  const accounts = new LedgerAccounts({
    dataSource,
    directory,
    reader: accountReader,
    ledger,
    catalog,
    nextId: uuidv7,
  });
  const live = new Live({
    ledger,
    pool: reader,
    databaseUrl,
    findAccount,
    readAccount: async (accountId) => {
      const [snapshot] = await accountReader.readAll([accountId]);
      if (snapshot === undefined) throw new Error(`Account ${accountId} was watched but is not there`);
      return snapshot.state;
    },
    onError: (error) => report(error, 'live'),
  });
  await live.start();
  undo.push(() => live.close());

  const instances: ResolverInstances = new Map<unknown, unknown>([
    [AccountsResolver, new AccountsResolver({ accounts, directory, dataSource })],
    [ViewerAccountsResolver, new ViewerAccountsResolver({ accounts, directory })],
    [
      AuthResolver,
      new AuthResolver({ apiKeys, dataSource, pepper, findAccount, defaultSide: env.demo ? 'sandbox' : 'live' }),
    ],
    [CatalogResolver, new CatalogResolver({ catalog, clock })],
    [BalanceResolver, new BalanceResolver({ accounts: accountReader, dataSource, catalog, quoteSecret, crossLevels })],
    [LedgerResolver, new LedgerResolver({ ledger, directory, catalog, quoteSecret, nextId: uuidv7 })],
    [LiveResolver, new LiveResolver({ events: live.events })],
    [UsageResolver, new UsageResolver({ accounts: accountReader, dataSource })],
  ]) as ResolverInstances;
  const schema = await buildApiSchema(instances);
  attachLive(schema, live);
  const engine = new GraphQLEngine(schema);

  const demoAccounts = env.demo ? await seedDemo({ ledger, dataSource, now: clock() }) : null;
  const openDemoSession =
    demoAccounts === null ? null : (as: DemoRole) => createDemoSession(as, demoAccounts, demoSecret, clock());

  const punctual = startPunctual({ ledger, dataSource, onError: report });
  undo.push(() => punctual.stop());
  if (demoAccounts !== null) {
    const demoClock = startDemoClock({ ledger, dataSource, accounts: demoAccounts, onError: report });
    undo.push(() => demoClock.stop());
  }

  const server = await serveApi({
    doors: {
      engine,
      limits: createRateLimits(env),
      metrics: new OperationMetrics({ process: env.nodeEnv !== 'test' }),
      introspection: env.introspection,
      onInternalError: (error, requestId) => logger.error({ err: error, requestId }, 'internal error'),
    },
    logger,
    authenticate,
    clock,
    allowedOrigins: new Set([
      ...env.allowedOrigins,
      ...(env.publicUrl === null ? [] : [new URL(env.publicUrl).origin]),
    ]),
    onRevoked: (listener) => apiKeys.onRevoked(listener),
    shared: createSharedSubscribe(),
    askDatabase: () => dataSource.query('SELECT 1'),
    askDatabaseMsMax: READY_MS_MAX,
    openDemoSession,
    dashboard: {
      directory: DASHBOARD_DIR,
      readStamp: createStampReader(engine, authenticate, openDemoSession, report),
    },
  });
  undo.push(() => server.close());

  return toApp({ env, server, parts: { databaseUrl, dataSource, ledger, live, openDemoSession }, unwind });
}

function createStampReader(
  engine: GraphQLEngine,
  authenticate: Authenticate,
  openDemoSession: App['openDemoSession'],
  report: (error: unknown, what: string) => void,
): Parameters<typeof serveApi>[0]['dashboard']['readStamp'] {
  return async ({ query }) => {
    if (openDemoSession === null) return null;
    const as = stampedRole((query as { as?: unknown }).as);
    try {
      return await stampBalance(engine, authenticate, as, await openDemoSession(as));
    } catch (error) {
      report(error, 'stamped balance');
      return null;
    }
  };
}

function createRateLimits({ rateLimits }: Env): RateLimits {
  return new RateLimits({
    ...DEFAULT_RATE_LIMITS,
    serviceOperationsPerSecond: rateLimits.operationsPerSecond,
    accountOperationsPerSecond: rateLimits.operationsPerSecond,
    accountPurchasesPerMinute: rateLimits.purchasesPerMinute,
    failedLoginsPerMinute: rateLimits.failedLoginsPerMinute,
  });
}

interface Assembled {
  readonly env: Env;
  readonly server: ApiServer;
  readonly parts: Pick<App, 'databaseUrl' | 'dataSource' | 'ledger' | 'live' | 'openDemoSession'>;
  readonly unwind: () => Promise<void>;
}

function toApp({ env, server, parts, unwind }: Assembled): App {
  let url: string | null = null;
  let closing: Promise<void> | null = null;
  return {
    ...parts,
    get url() {
      if (url === null) throw new Error('The application does not listen yet');
      return url;
    },
    async listen(port = env.port, host = env.host) {
      const { port: given } = (await server.listen(port, host)) satisfies AddressInfo;
      url = `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${given}`;
      return url;
    },
    close() {
      closing ??= unwind();
      return closing;
    },
  };
}
