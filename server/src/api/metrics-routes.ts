import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { HttpListener } from './http-listener.js';
import { createHttpServer } from './http-server.js';

/** Who may read the metrics, and where. */
export interface MetricsAccess {
  /** A port of their own, which only whoever runs the server reaches; null: they are on the one port. */
  readonly port: number | null;
  /** The bearer that reading them takes; null: none. */
  readonly token: string | null;
  /** Whether they are open on the one port although nothing was configured: in a demo. */
  readonly isOpen: boolean;
}

/**
 * `/metrics` on the one port: with the token where one is configured, open in a demo, and otherwise not there.
 *
 * Source: docs/operations.md, Health
 */
export function registerMetrics(fastify: FastifyInstance, registry: Registry, access: MetricsAccess): void {
  if (access.port === null && (access.token !== null || access.isOpen))
    return register(fastify, registry, access.token);
  fastify.get('/metrics', (_request, reply) =>
    reply
      .code(404)
      .send({ error: 'Metrics are not served here: METRICS_PORT and METRICS_TOKEN say where and to whom.' }),
  );
}

/** A listener for the metrics alone, on a port of its own. */
export class MetricsListener {
  readonly #listener = new HttpListener();
  readonly #fastify: FastifyInstance;

  constructor(logger: Logger, registry: Registry, token: string | null) {
    this.#fastify = createHttpServer({ listener: this.#listener, logger, allowedOrigins: new Set(), knowsHost: null });
    register(this.#fastify, registry, token);
  }

  async listen(port: number, host: string): Promise<AddressInfo> {
    await this.#fastify.ready();
    const address = await this.#listener.listen(port, host);
    this.#listener.open();
    return address;
  }

  async close(): Promise<void> {
    await this.#listener.end();
    await this.#fastify.close();
  }
}

function register(fastify: FastifyInstance, registry: Registry, token: string | null): void {
  const expected = token === null ? null : digest(`Bearer ${token}`);
  fastify.get('/metrics', async (request, reply) => {
    if (expected !== null && !timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
      return reply
        .code(401)
        .header('www-authenticate', 'Bearer')
        .send({ error: 'Metrics are read with the METRICS_TOKEN as bearer.' });
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** Texts of one length, so that comparing them tells nothing of theirs. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
