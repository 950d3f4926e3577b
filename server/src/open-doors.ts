import type { Logger } from 'pino';
import { buildApiSchema } from './api/api-schema.js';
import { basePathOf } from './api/base-path.js';
import { createDemoHost, isLoopback } from './api/demo-host.js';
import { GraphQLEngine } from './api/engine/graphql-engine.js';
import type { HttpListener } from './api/http-listener.js';
import type { RequestMetrics } from './api/metrics.js';
import type { ApiServer, ServeApiOptions } from './api/serve-api.js';
import { serveApi } from './api/serve-api.js';
import { waysInOf } from './api/sign-in-routes.js';
import { stampBalance, stampedRole } from './api/stamp-balance.js';
import { DEFAULT_RATE_LIMITS, RateLimits } from './auth/rate-limits.js';
import type { Authenticate } from './auth/verify-token.js';
import { backUrlOf } from './billing/return-url.js';
import type { Env } from './env.js';
import { attachLive } from './live/attach-live.js';
import type { SharedSubscribe } from './live/shared-subscribe.js';
import type { DemoRole, DemoSession } from './auth/demo-session.js';
import type { Notices } from './notices.js';
import type { Core } from './open-core.js';
import { DASHBOARD_DIR } from './project-paths.js';

const READY_MS_MAX = 2_000;

type OpenDemoSession = (as: DemoRole) => Promise<DemoSession>;

export interface DoorsOptions {
  readonly env: Env;
  readonly logger: Logger;
  readonly core: Core;
  readonly limits: RateLimits;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly publicUrl: () => string;
  readonly openDemoSession: OpenDemoSession | null;
  readonly clock: () => number;
  readonly listener: HttpListener | undefined;
  readonly shared: SharedSubscribe;
  readonly metrics: RequestMetrics;
  readonly notices: Notices;
}

/** Everything that answers on the port, over the application behind it. */
export async function openDoors(options: DoorsOptions): Promise<ApiServer> {
  const { env, logger, core, limits, allowedOrigins, metrics, notices, openDemoSession, clock, listener, shared } =
    options;
  const { apiKeys, authenticate } = core;
  const schema = await buildApiSchema(core.resolvers);
  attachLive(schema, core.live, core.liveHolds, core.liveQuotes);
  const engine = new GraphQLEngine(schema);
  return serveApi({
    listener,
    ...(env.demo ? { knowsHost: createDemoHost({ publicUrl: env.publicUrl, isPublic: !isLoopback(env.host) }) } : {}),
    drainDelayMs: env.drainDelayMs,
    hasPeers: () => core.live.doorbell.hasPeers,
    doors: {
      engine,
      limits,
      metrics,
      introspection: env.introspection,
      onInternalError: (error, requestId) => logger.error({ err: error, requestId }, 'internal error'),
    },
    logger,
    authenticate,
    clock,
    allowedOrigins,
    checkout: {
      checkout: core.billing.checkout,
      backUrlOf: (order) => backUrlOf(order, options.publicUrl()),
    },
    mails: core.mails,
    takeStripe: core.billing.takeStripe,
    trustedProxies: env.trustedProxies,
    onRevoked: (heard) => apiKeys.onRevoked(heard),
    shared,
    findDatabaseObstacle: () => core.readiness.find(),
    findDatabaseObstacleMsMax: READY_MS_MAX,
    openDemoSession,
    readWaysIn: () => waysInOf(env, core.provider),
    metrics: env.metrics,
    dashboard: {
      directory: DASHBOARD_DIR,
      publicUrl: env.publicUrl,
      basePath: basePathOf(env.publicUrl),
      tokenOrigin: env.oidc === null ? null : () => core.provider?.tokenOrigin ?? null,
      readStamp: createStampReader(engine, authenticate, openDemoSession, (error, what) => notices.failed(error, what)),
    },
  });
}

function createStampReader(
  engine: GraphQLEngine,
  authenticate: Authenticate,
  openDemoSession: OpenDemoSession | null,
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

/** Origins whose pages may call this server, its own among them if it is known. */
export function originsOf({ publicUrl, allowedOrigins }: Env): ReadonlySet<string> {
  return new Set([...allowedOrigins, ...(publicUrl === null ? [] : [new URL(publicUrl).origin])]);
}

/** How much is let through, as the environment says. */
export function createRateLimits({ rateLimits }: Env, notices: Notices): RateLimits {
  const settings = {
    ...DEFAULT_RATE_LIMITS,
    serviceOperationsPerSecond: rateLimits.operationsPerSecond,
    accountOperationsPerSecond: rateLimits.operationsPerSecond,
    failedLoginsPerMinute: rateLimits.failedLoginsPerMinute,
    anonymousPerMinute: rateLimits.anonymousPerMinute,
  };
  return new RateLimits(settings, (limit, whom) => notices.limited(limit, whom));
}
