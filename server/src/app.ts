import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { buildApiSchema } from './api/api-schema.js';
import { basePathOf } from './api/base-path.js';
import { createDemoHost, isLoopback } from './api/demo-host.js';
import { GraphQLEngine } from './api/engine/graphql-engine.js';
import type { HttpListener } from './api/http-listener.js';
import { RequestMetrics } from './api/metrics.js';
import { ProcessMetrics } from './api/process-metrics.js';
import type { ApiServer, ServeApiOptions } from './api/serve-api.js';
import { serveApi } from './api/serve-api.js';
import { stampBalance, stampedRole } from './api/stamp-balance.js';
import type { DemoRole, DemoSession } from './auth/demo-session.js';
import { createDemoSession } from './auth/demo-session.js';
import { DEFAULT_RATE_LIMITS, RateLimits } from './auth/rate-limits.js';
import type { Authenticate } from './auth/verify-token.js';
import { awaitDatabase } from './db/await-database.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { migrate } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { startDemoClock } from './demo/demo-clock.js';
import { seedDemo } from './demo/seed-demo.js';
import { startPunctual } from './jobs/punctual.js';
import type { Env } from './env.js';
import { Unwinding } from './kit/unwinding.js';
import type { Ledger } from './ledger/core/ledger.js';
import { attachLive } from './live/attach-live.js';
import type { Live } from './live/live.js';
import type { SharedSubscribe } from './live/shared-subscribe.js';
import { createSharedSubscribe } from './live/shared-subscribe.js';
import { createLogger } from './logger.js';
import { Notices } from './notices.js';
import type { Core } from './open-core.js';
import { openCore } from './open-core.js';
import { DASHBOARD_DIR, DATA_DIR } from './project-paths.js';

const READY_MS_MAX = 2_000;
const DRAIN_MS_MAX = 7_500;
const CLOSE_MS_MAX = 8_000;

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
  /**
   * Not ready from now on; after DRAIN_DELAY_MS answers what it has begun, sends its sockets elsewhere, lets go of the database. Within
   * 10 s more, whatever the database does.
   */
  close(): Promise<void>;
}

export interface AppOptions {
  readonly logger?: Logger;
  /** Told in plain words what the start is doing. */
  readonly say?: (message: string) => void;
  /** May listen already; what comes before the application is there waits for it. */
  readonly listener?: HttpListener;
  /** How subscriptions share their executions; left out: as is fastest here. */
  readonly shared?: SharedSubscribe;
}

/**
 * Puts the application together: database, migrations, secrets, catalogue, ledger, worker, live feeds, doors.
 *
 * Any number of processes may start at once on one database, and any number of applications in one process. Nothing here reads the
 * environment, hooks signals or ends the process.
 *
 * @throws Error with one clear line when the database cannot be had
 */
export async function createApp(
  env: Env,
  { logger = createLogger(env), say, listener, shared = createSharedSubscribe() }: AppOptions = {},
): Promise<App> {
  const unwinding = new Unwinding((error) => logger.error({ err: error }, 'closing'));
  const metrics = new RequestMetrics({ process: env.nodeEnv !== 'test' });
  const processMetrics = new ProcessMetrics(metrics.registry);
  const notices = new Notices(logger, processMetrics);
  const report = (error: unknown, what?: string): void => notices.failed(error, what);
  const clock = Date.now;
  let server: ApiServer | null = null;
  // Last of all: a process that is alone keeps its sockets until the next one can begin.
  unwinding.push(() => server?.end());
  try {
    const databaseUrl = await openDatabase(env, unwinding, say);
    await awaitDatabase({ databaseUrl, waitMs: env.databaseWaitSeconds * 1000, say });
    await migrate(databaseUrl, migrations, { say });
    const core = await openCore({
      env,
      databaseUrl,
      clock,
      unwinding,
      notices,
      metrics: processMetrics,
      onHistory: ({ publicId: history }, because) =>
        logger.info({ history, because }, 'a history of the database began'),
    });
    const openDemoSession = env.demo ? await startDemo(core, unwinding, report) : null;
    const punctual = startPunctual({ ledger: core.ledger, dataSource: core.dataSource, onError: report });
    unwinding.push(() => punctual.stop());
    server = await openDoors({ env, logger, core, metrics, notices, openDemoSession, clock, listener, shared });
    const doors = server;
    unwinding.push(() => doors.drain(), env.drainDelayMs + DRAIN_MS_MAX);
    return toApp({ ...core, databaseUrl, openDemoSession, env, server, unwinding });
  } catch (error) {
    await unwinding.close();
    throw error;
  }
}

async function openDatabase(env: Env, unwinding: Unwinding, say: AppOptions['say']): Promise<string> {
  if (env.databaseUrl !== null) return env.databaseUrl;
  const embedded = await startEmbeddedPostgres({ dataDir: DATA_DIR, ...(say === undefined ? {} : { say }) });
  unwinding.push(() => embedded.stop());
  return embedded.url;
}

type Report = (error: unknown, what?: string) => void;

async function startDemo(
  { ledger, dataSource, demoSecret }: Core,
  unwinding: Unwinding,
  report: Report,
): Promise<NonNullable<App['openDemoSession']>> {
  const accounts = await seedDemo({ ledger, dataSource, now: Date.now() });
  const demoClock = startDemoClock({ ledger, dataSource, accounts, onError: report });
  unwinding.push(() => demoClock.stop());
  return (as) => createDemoSession(as, accounts, demoSecret, Date.now());
}

interface DoorsOptions {
  readonly env: Env;
  readonly logger: Logger;
  readonly core: Core;
  readonly openDemoSession: App['openDemoSession'];
  readonly clock: () => number;
  readonly listener: HttpListener | undefined;
  readonly shared: SharedSubscribe;
  readonly metrics: RequestMetrics;
  readonly notices: Notices;
}

async function openDoors(options: DoorsOptions): Promise<ApiServer> {
  const { env, logger, core, metrics, notices, openDemoSession, clock, listener, shared } = options;
  const { apiKeys, authenticate } = core;
  const schema = await buildApiSchema(core.resolvers);
  attachLive(schema, core.live);
  const engine = new GraphQLEngine(schema);
  const ownOrigins = env.publicUrl === null ? [] : [new URL(env.publicUrl).origin];
  return serveApi({
    listener,
    ...(env.demo ? { knowsHost: createDemoHost({ publicUrl: env.publicUrl, isPublic: !isLoopback(env.host) }) } : {}),
    drainDelayMs: env.drainDelayMs,
    hasPeers: () => core.live.doorbell.hasPeers,
    doors: {
      engine,
      limits: createRateLimits(env, notices),
      metrics,
      introspection: env.introspection,
      onInternalError: (error, requestId) => logger.error({ err: error, requestId }, 'internal error'),
    },
    logger,
    authenticate,
    clock,
    allowedOrigins: new Set([...env.allowedOrigins, ...ownOrigins]),
    trustedProxies: env.trustedProxies,
    onRevoked: (heard) => apiKeys.onRevoked(heard),
    shared,
    findDatabaseObstacle: () => core.readiness.find(),
    findDatabaseObstacleMsMax: READY_MS_MAX,
    openDemoSession,
    metrics: env.metrics,
    dashboard: {
      directory: DASHBOARD_DIR,
      publicUrl: env.publicUrl,
      basePath: basePathOf(env.publicUrl),
      readStamp: createStampReader(engine, authenticate, openDemoSession, (error, what) => notices.failed(error, what)),
    },
  });
}

function createStampReader(
  engine: GraphQLEngine,
  authenticate: Authenticate,
  openDemoSession: App['openDemoSession'],
  report: (error: unknown, what: string) => void,
): ServeApiOptions['dashboard']['readStamp'] {
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

function createRateLimits({ rateLimits }: Env, notices: Notices): RateLimits {
  const settings = {
    ...DEFAULT_RATE_LIMITS,
    serviceOperationsPerSecond: rateLimits.operationsPerSecond,
    accountOperationsPerSecond: rateLimits.operationsPerSecond,
    failedLoginsPerMinute: rateLimits.failedLoginsPerMinute,
    anonymousPerMinute: rateLimits.anonymousPerMinute,
  };
  return new RateLimits(settings, (limit, whom) => notices.limited(limit, whom));
}

interface Assembled extends Pick<App, 'databaseUrl' | 'dataSource' | 'ledger' | 'live' | 'openDemoSession'> {
  readonly env: Env;
  readonly server: ApiServer;
  readonly unwinding: Unwinding;
}

function toApp({ env, server, unwinding, databaseUrl, dataSource, ledger, live, openDemoSession }: Assembled): App {
  let url: string | null = null;
  return {
    databaseUrl,
    dataSource,
    ledger,
    live,
    openDemoSession,
    get url() {
      if (url === null) throw new Error('The application does not listen yet');
      return url;
    },
    async listen(port = env.port, host = env.host) {
      const { port: given } = (await server.listen(port, host)) satisfies AddressInfo;
      url = `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host}:${given}`;
      return url;
    },
    close: () => unwinding.close(env.drainDelayMs + CLOSE_MS_MAX),
  };
}
