import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { allowOrigin } from './allow-origin.js';
import type { KnowsHost } from './demo-host.js';
import { UNKNOWN_HOST } from './demo-host.js';
import type { HttpListener } from './http-listener.js';
import { requestIdOf } from './request-id.js';

const CORS_SECONDS = 600;
/** Load balancers ask these by IP address. Their answers hold nothing secret, so they are given for every host name. */
const ANY_HOST_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

export interface HttpServerOptions {
  readonly listener: HttpListener;
  readonly logger: Logger;
  /** Origins whose pages may call this server, besides its own. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** In a demo: for which hosts it answers. null: for every one. */
  readonly knowsHost: KnowsHost | null;
}

/**
 * The HTTP server without routes: a request id on every answer, nothing stored by caches or guessed by browsers, and no other
 * origin than the allowed ones can read answers.
 */
export function createHttpServer({ listener, logger, allowedOrigins, knowsHost }: HttpServerOptions): FastifyInstance {
  // The process that starts the server logs where it listens.
  const quiet: FastifyBaseLogger = logger.child({}, { level: quieter(logger.level) });
  const fastify = Fastify({
    loggerInstance: quiet,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    // No request is logged, so Fastify need not make a logger for each.
    childLoggerFactory: (shared) => shared,
    serverFactory: (handle) => {
      listener.onRequest(handle);
      return listener.server;
    },
    // Of an address that cannot be read; no hook sees it.
    frameworkErrors: (_error, request, reply) => {
      const { id } = request as FastifyRequest;
      const answer = reply as FastifyReply;
      setCommonHeaders(answer, id);
      void answer.code(400).send({ error: 'The address could not be read.' });
    },
    // A server that closes goes on answering, in each route's own words, until it has closed its connections.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    setCommonHeaders(reply, request.id);
    allowOrigin(request.raw, reply.raw, allowedOrigins);
    const { host } = request.headers;
    if (host === undefined && request.raw.httpVersion === '1.1')
      return void reply.code(400).send({ error: 'A request of HTTP/1.1 names its host.' });
    if (knowsHost !== null && !knowsHost(host) && !ANY_HOST_PATHS.has(request.url.split('?', 1)[0] ?? ''))
      return void reply.code(421).send({ error: UNKNOWN_HOST });
    done();
  });
  fastify.setErrorHandler((error: unknown, request, reply) => {
    const { statusCode } = error as { statusCode?: unknown };
    if (typeof statusCode === 'number' && statusCode < 500) {
      return reply.code(statusCode).send({ error: 'The request could not be read.' });
    }
    logger.error({ err: error, requestId: request.id }, 'internal error');
    return reply.code(500).send({ error: 'Internal server error', requestId: request.id });
  });
  fastify.options('/*', (request, reply) => {
    if (allowedOrigins.has(request.headers.origin ?? '')) {
      void reply
        .header('access-control-allow-methods', 'GET, POST')
        .header(
          'access-control-allow-headers',
          'authorization, content-type, apollo-require-preflight, x-apollo-operation-name, x-request-id',
        )
        .header('access-control-max-age', CORS_SECONDS);
    }
    return reply.code(204).send();
  });
  return fastify;
}

function setCommonHeaders(reply: FastifyReply, requestId: string): void {
  void reply
    .header('x-request-id', requestId)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store');
}

/** The level at which Fastify's own messages are kept: warnings, or less still when less is asked for. */
function quieter(level: string): string {
  return level === 'info' || level === 'debug' || level === 'trace' ? 'warn' : level;
}
