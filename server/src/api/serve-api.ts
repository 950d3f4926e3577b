import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { DemoRole, DemoSession } from '../auth/demo-session.js';
import type { Authenticate } from '../auth/verify-token.js';
import type { SharedSubscribe } from '../live/shared-subscribe.js';
import type { Doors } from './answer-request.js';
import { createClientAddress } from './client-address.js';
import { serveBelow } from './base-path.js';
import { type CheckoutRoutesOptions, registerCheckoutRoutes } from './checkout-routes.js';
import type { DashboardOptions } from './dashboard-routes.js';
import { registerDashboard } from './dashboard-routes.js';
import type { KnowsHost } from './demo-host.js';
import { registerDemoRoutes } from './demo-routes.js';
import { registerGraphQLRoute } from './graphql-route.js';
import { HttpListener, sendBusy } from './http-listener.js';
import { createHttpServer } from './http-server.js';
import type { MetricsAccess } from './metrics-routes.js';
import { MetricsListener, registerMetrics } from './metrics-routes.js';
import { type MailRoutesOptions, registerMailRoutes } from './mail-routes.js';
import { type ReadWaysIn, registerSignInRoute } from './sign-in-routes.js';
import { registerServiceRoutes } from './service-routes.js';
import type { UnauthenticatedMax } from './unauthenticated-sockets.js';
import { registerStripeRoute, type TakeDelivery } from './stripe-route.js';
import { SLOW_READER_LIMITS, SlowReaders } from './slow-readers.js';
import { WsDoor } from './ws-door.js';

/** How long requests that are under way may take when the process is told to end. */
const SETTLE_MS_MAX = 4_000;
const LAST_REQUESTS_MS = 500;

const FORGOTTEN_PROXY =
  'X-Forwarded-For arrives while TRUST_PROXY is empty: behind a proxy all callers share its address, and one who guesses keys locks out new ones';

export interface ServeApiOptions {
  /** May listen already, and hands over what waited; absent: a new one. */
  readonly listener?: HttpListener | undefined;
  readonly doors: Doors;
  readonly logger: Logger;
  readonly authenticate: Authenticate;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly allowedOrigins: ReadonlySet<string>;
  /** In a demo: for which hosts it answers; absent: for every one. */
  readonly knowsHost?: KnowsHost;
  /** Proxies whose word on a caller's address is believed. */
  readonly trustedProxies: readonly string[];
  /** Hears of revoked API keys; returns the undo. */
  readonly onRevoked: (listener: (keyId: string) => void) => () => void;
  readonly shared: SharedSubscribe;
  /** What keeps the database from serving, in a word or two; null: nothing does. */
  readonly findDatabaseObstacle: () => Promise<string | null>;
  readonly findDatabaseObstacleMsMax: number;
  /** null: this is no demo, and has no route for it. */
  readonly openDemoSession: ((as: DemoRole) => Promise<DemoSession>) | null;
  /** How people sign in to the dashboard; absent: nobody asks. */
  readonly readWaysIn?: ReadWaysIn;
  readonly dashboard: DashboardOptions;
  /** The sandbox's checkouts; null: there are none. */
  readonly checkout: Pick<CheckoutRoutesOptions, 'checkout' | 'backUrlOf'> | null;
  /** Mails and their links; null: there are none. */
  readonly mails: MailRoutesOptions['mails'] | null;
  /** Takes what Stripe delivers; null: Stripe is not configured, and there is no route for it. */
  readonly takeStripe: TakeDelivery | null;
  /** How long `/readyz` says no before anything is closed. */
  readonly drainDelayMs: number;
  /** Whether other processes are known to serve the same database. */
  readonly hasPeers: () => boolean;
  readonly metrics: MetricsAccess;
  readonly pingMs?: number;
  readonly initMs?: number;
  /** The longest that a timer waits; Node's own, unless a test has less patience. */
  readonly timerMsMax?: number;
  readonly unauthenticatedMax?: UnauthenticatedMax;
}

/** Everything that answers on the one port. */
export interface ApiServer {
  listen(port: number, host: string): Promise<AddressInfo>;
  /**
   * Not ready from now on; after `drainDelayMs` answers what is under way, at most some seconds. Beside other processes it stops to
   * listen and sends the sockets to them; alone it keeps them until `end`, and begins nothing new.
   */
  drain(): Promise<void>;
  /** Closes what is left, at once: sockets with 1012, requests that are still not answered with UNAVAILABLE. */
  end(): Promise<void>;
}

/**
 * The one port: `/graphql` over HTTP and WebSocket, the dashboard, and what whoever runs the server asks for.
 *
 * Source: docs/architecture.md; docs/operations.md, Health; docs/decisions/restarts.md
 */
export async function serveApi(options: ServeApiOptions): Promise<ApiServer> {
  const { doors, logger, authenticate, allowedOrigins, knowsHost = null, openDemoSession, dashboard } = options;
  const { metrics } = options;
  const listener = options.listener ?? new HttpListener();
  const addressOf = createClientAddress(options.trustedProxies, (peer) => logger.warn({ peer }, FORGOTTEN_PROXY));
  let isDraining = false;
  let isEnding = false;
  const fastify = createHttpServer({ listener, logger, allowedOrigins, knowsHost });
  fastify.addHook('onRequest', (request, reply, next) => {
    // `connection: close`: the caller sends its next request over a new connection, which leads to another process.
    if (isDraining) void reply.header('connection', 'close');
    const path = isEnding ? request.url.split('?', 1)[0] : null;
    if (isEnding && path !== '/healthz' && path !== '/readyz') sendBusy(reply.hijack().raw, request.id);
    else next();
  });
  registerServiceRoutes(fastify, {
    findObstacle: async () => (isDraining ? 'draining' : askInTime(options)),
  });
  registerMetrics(fastify, doors.metrics.registry, metrics);
  const metricsListener =
    metrics.port === null ? null : new MetricsListener(logger, doors.metrics.registry, metrics.token);
  await registerGraphQLRoute(fastify, { doors, authenticate, addressOf });
  if (options.takeStripe !== null) await registerStripeRoute(fastify, options.takeStripe);
  if (options.readWaysIn !== undefined) registerSignInRoute(fastify, options.readWaysIn);
  if (openDemoSession !== null) registerDemoRoutes(fastify, openDemoSession);
  if (options.checkout !== null)
    await registerCheckoutRoutes(fastify, { ...options.checkout, limits: doors.limits, addressOf });
  if (options.mails !== null) {
    const showsKept = openDemoSession !== null;
    await registerMailRoutes(fastify, { mails: options.mails, limits: doors.limits, addressOf, showsKept });
  }
  await registerDashboard(fastify, dashboard);
  serveBelow(listener.server, dashboard.basePath);
  const slowReaders = new SlowReaders(listener.server, SLOW_READER_LIMITS);
  const sockets = new WsDoor({ ...options, listener, knowsHost, addressOf });

  return {
    async listen(port, host) {
      await fastify.ready();
      if (metrics.port !== null) await metricsListener?.listen(metrics.port, host);
      const address = await listener.listen(port, host);
      listener.open();
      return address;
    },
    async drain() {
      isDraining = true;
      await sleep(options.drainDelayMs);
      if (options.hasPeers()) {
        listener.stopAccepting();
        // A connection that a proxy kept open for its next request is used for that once more, and then not again.
        await Promise.all([sockets.leave(), sleep(LAST_REQUESTS_MS).then(() => listener.settle(SETTLE_MS_MAX))]);
      } else {
        isEnding = true;
        await Promise.all([sockets.settle(SETTLE_MS_MAX), listener.settle(SETTLE_MS_MAX)]);
      }
    },
    async end() {
      isDraining = true;
      isEnding = true;
      await sockets.end();
      await listener.end();
      await fastify.close();
      await metricsListener?.close();
      slowReaders.stop();
    },
  };
}

/** A database that does not answer in time counts as not ready. */
async function askInTime({ findDatabaseObstacle, findDatabaseObstacleMsMax }: ServeApiOptions): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('database'), findDatabaseObstacleMsMax);
  });
  return Promise.race([findDatabaseObstacle(), late]).finally(() => clearTimeout(timer));
}
