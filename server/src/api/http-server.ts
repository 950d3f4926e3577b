import Fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { nextRequestId } from './request-id.js';

const REQUEST_MS_MAX = 30_000;
const KEEP_ALIVE_MS = 72_000;
const CORS_SECONDS = 600;

export interface HttpServerOptions {
  readonly logger: Logger;
  /** Origins whose pages may call this server, besides its own. */
  readonly allowedOrigins: ReadonlySet<string>;
}

/**
 * The HTTP server without routes: a request id on every answer, nothing stored by caches or guessed by browsers, and no other
 * origin than the allowed ones can read answers.
 */
export function createHttpServer({ logger, allowedOrigins }: HttpServerOptions): FastifyInstance {
  // Who listens where is said by whoever started it.
  const quiet: FastifyBaseLogger = logger.child({}, { level: quieter(logger.level) });
  const fastify = Fastify({
    loggerInstance: quiet,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: nextRequestId,
    // Nothing is logged by request, so that each needs no logger of its own.
    childLoggerFactory: (shared) => shared,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A server that closes goes on answering, in each route's own words, until it has closed its connections.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply
      .header('x-request-id', request.id)
      .header('x-content-type-options', 'nosniff')
      .header('cache-control', 'no-store');
    const { origin } = request.headers;
    if (origin !== undefined && allowedOrigins.has(origin)) {
      void reply
        .header('access-control-allow-origin', origin)
        .header('vary', 'origin')
        .header('access-control-expose-headers', 'x-request-id, retry-after');
    }
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
          'authorization, content-type, apollo-require-preflight, x-apollo-operation-name',
        )
        .header('access-control-max-age', CORS_SECONDS);
    }
    return reply.code(204).send();
  });
  return fastify;
}

/** The level at which Fastify's own messages are kept: warnings, or less still when less is asked for. */
function quieter(level: string): string {
  return level === 'info' || level === 'debug' || level === 'trace' ? 'warn' : level;
}
