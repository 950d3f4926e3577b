import { isIPv6 } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { HttpListener } from './api/http-listener.js';
import { RequestMetrics } from './api/metrics.js';
import { ProcessMetrics } from './api/process-metrics.js';
import type { ApiServer } from './api/serve-api.js';
import type { DemoRole, DemoSession } from './auth/demo-session.js';
import { createDemoSession } from './auth/demo-session.js';
import { awaitDatabase } from './db/await-database.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import { migrate } from './db/migrate.js';
import { migrations } from './db/migrations.js';
import { startDemoClock } from './demo/demo-clock.js';
import { seedDemo } from './demo/seed-demo.js';
import { migrateJobs } from './jobs/migrate-jobs.js';
import { startPunctual } from './jobs/punctual.js';
import { type Jobs, startJobs } from './jobs/start-jobs.js';
import type { Env } from './env.js';
import { Unwinding } from './kit/unwinding.js';
import type { Ledger } from './ledger/core/ledger.js';
import type { Live } from './live/live.js';
import type { SharedSubscribe } from './live/shared-subscribe.js';
import { createSharedSubscribe } from './live/shared-subscribe.js';
import { createLogger } from './logger.js';
import type { Mails } from './mail/mails.js';
import { Notices } from './notices.js';
import type { Core } from './open-core.js';
import { openCore } from './open-core.js';
import { createRateLimits, openDoors, originsOf } from './open-doors.js';
import { DATA_DIR } from './project-paths.js';
import { PublicAddress } from './public-address.js';

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
  readonly mails: Mails;
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
    const limits = createRateLimits(env, notices);
    const address = new PublicAddress(env);
    const allowedOrigins = originsOf(env);
    const core = await openCore({
      env,
      databaseUrl,
      clock,
      unwinding,
      notices,
      metrics: processMetrics,
      limits,
      publicUrl: () => address.url,
      allowedOrigins,
      onHistory: ({ publicId: history }, because) =>
        logger.info({ history, because }, 'a history of the database began'),
    });
    await migrateJobs(databaseUrl, core.dataSource, { say });
    const openDemoSession = env.demo ? await startDemo(core, unwinding, report) : null;
    const punctual = startPunctual({ ledger: core.ledger, dataSource: core.dataSource, onError: report });
    unwinding.push(() => punctual.stop());
    const jobs = startJobs({
      databaseUrl,
      turns: core.turns,
      payments: core.billing.reconcile,
      mails: (signal) => core.mails.work(signal),
      onError: report,
    });
    unwinding.push(() => jobs.stop());
    core.mails.onWoken(() => jobs.wake('mails'));
    wakeJobs(core, jobs);
    server = await openDoors({
      env,
      logger,
      core,
      limits,
      allowedOrigins,
      publicUrl: () => address.url,
      metrics,
      notices,
      openDemoSession,
      clock,
      listener,
      shared,
    });
    const doors = server;
    unwinding.push(() => doors.drain(), env.drainDelayMs + DRAIN_MS_MAX);
    return toApp({ ...core, databaseUrl, openDemoSession, env, server, unwinding, address });
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

/** Wakes jobs after a commit, never in it: what is to be charged or mailed stands in rows, also when this is lost. */
function wakeJobs({ ledger, mails }: Core, jobs: Jobs): void {
  ledger.onCommitted((changes) => {
    if (changes.some(({ beginsTopUp }) => beginsTopUp)) jobs.wake('payments');
    for (const { events } of changes) if (events.length > 0) mails.noteEvents(events);
  });
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

interface Assembled extends Pick<App, 'databaseUrl' | 'dataSource' | 'ledger' | 'live' | 'mails' | 'openDemoSession'> {
  readonly env: Env;
  readonly server: ApiServer;
  readonly unwinding: Unwinding;
  readonly address: PublicAddress;
}

function toApp(parts: Assembled): App {
  const { env, server, unwinding, databaseUrl, dataSource, ledger, live, mails, openDemoSession, address } = parts;
  let url: string | null = null;
  return {
    databaseUrl,
    dataSource,
    ledger,
    live,
    mails,
    openDemoSession,
    get url() {
      if (url === null) throw new Error('The application does not listen yet');
      return url;
    },
    async listen(port = env.port, host = env.host) {
      const { port: given } = (await server.listen(port, host)) satisfies AddressInfo;
      url = `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : isIPv6(host) ? `[${host}]` : host}:${given}`;
      address.listensAt(url);
      return url;
    },
    close: () => unwinding.close(env.drainDelayMs + CLOSE_MS_MAX),
  };
}
