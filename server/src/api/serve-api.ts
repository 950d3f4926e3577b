import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { DemoRole, DemoSession } from '../auth/demo-session.js';
import type { Authenticate } from '../auth/verify-token.js';
import type { SharedSubscribe } from '../live/shared-subscribe.js';
import type { Doors } from './answer-operation.js';
import { createClientAddress } from './client-address.js';
import { serveBelow } from './base-path.js';
import type { DashboardOptions } from './dashboard-routes.js';
import { registerDashboard } from './dashboard-routes.js';
import { registerDemoRoutes } from './demo-routes.js';
import { registerGraphQLRoute } from './graphql-route.js';
import { createHttpServer } from './http-server.js';
import { registerServiceRoutes } from './service-routes.js';
import type { UnauthenticatedMax } from './unauthenticated-sockets.js';
import { WsDoor } from './ws-door.js';

const CLOSE_MS_MAX = 4_000;

export interface ServeApiOptions {
  readonly doors: Doors;
  readonly logger: Logger;
  readonly authenticate: Authenticate;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  readonly allowedOrigins: ReadonlySet<string>;
  /** Proxies whose word on a caller's address is believed. */
  readonly trustedProxies: readonly string[];
  /** Hears of revoked API keys; returns the undo. */
  readonly onRevoked: (listener: (keyId: string) => void) => () => void;
  readonly shared?: SharedSubscribe;
  /** Rejects when the database cannot be asked. */
  readonly askDatabase: () => Promise<unknown>;
  readonly askDatabaseMsMax: number;
  /** null: this is no demo, and has no route for it. */
  readonly openDemoSession: ((as: DemoRole) => Promise<DemoSession>) | null;
  readonly dashboard: DashboardOptions;
  readonly pingMs?: number;
  readonly initMs?: number;
  readonly unauthenticatedMax?: UnauthenticatedMax;
}

/** Everything that answers on the one port. */
export interface ApiServer {
  listen(port: number, host: string): Promise<AddressInfo>;
  /** Not ready from now on; sends the sockets elsewhere, answers the requests that are under way, stops listening. */
  close(): Promise<void>;
}

/**
 * The one port: `/graphql` over HTTP and WebSocket, the dashboard, and what whoever runs the server asks for.
 *
 * Source: docs/architecture.md; docs/operations.md, Health
 */
export async function serveApi(options: ServeApiOptions): Promise<ApiServer> {
  const { doors, logger, authenticate, clock, allowedOrigins, onRevoked, shared, openDemoSession, dashboard, pingMs } =
    options;
  const addressOf = createClientAddress(options.trustedProxies);
  let isDraining = false;
  const fastify = createHttpServer({ logger, allowedOrigins });
  fastify.addHook('onRequest', (_request, reply, next) => {
    // Whoever asks now asks the next time on another connection, of another server.
    if (isDraining) void reply.header('connection', 'close');
    next();
  });
  registerServiceRoutes(fastify, {
    registry: doors.metrics.registry,
    findObstacle: async () => (isDraining ? 'draining' : (await isReachable(options)) ? null : 'database'),
  });
  await registerGraphQLRoute(fastify, { doors, authenticate, addressOf });
  if (openDemoSession !== null) registerDemoRoutes(fastify, openDemoSession);
  await registerDashboard(fastify, dashboard);
  serveBelow(fastify.server, dashboard.basePath);
  const sockets = new WsDoor({
    server: fastify.server,
    doors,
    authenticate,
    allowedOrigins,
    addressOf,
    clock,
    onRevoked,
    shared,
    pingMs,
    initMs: options.initMs,
    unauthenticatedMax: options.unauthenticatedMax,
  });

  return {
    async listen(port, host) {
      await fastify.listen({ port, host });
      return fastify.server.address() as AddressInfo;
    },
    async close() {
      isDraining = true;
      await sockets.leave();
      await closeHttp(fastify);
    },
  };
}

/** Answers what has been begun; what takes too long is cut off. */
async function closeHttp(fastify: FastifyInstance): Promise<void> {
  const late = setTimeout(() => fastify.server.closeAllConnections(), CLOSE_MS_MAX);
  try {
    await fastify.close();
  } finally {
    clearTimeout(late);
  }
}

async function isReachable({ askDatabase, askDatabaseMsMax }: ServeApiOptions): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), askDatabaseMsMax);
  });
  const asked = askDatabase().then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
