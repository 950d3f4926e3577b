import type { FastifyInstance } from 'fastify';

export interface ServiceRoutesOptions {
  /** What keeps this process from serving, in a word or two; null: nothing does. */
  readonly findObstacle: () => Promise<string | null>;
}

/** For whoever runs the server: `/healthz` (the process is alive), `/readyz` (it can serve: 200, else 503 and why). */
export function registerServiceRoutes(fastify: FastifyInstance, { findObstacle }: ServiceRoutesOptions): void {
  fastify.get('/healthz', () => ({ status: 'ok' }));
  fastify.get('/readyz', async (_request, reply) => {
    const obstacle = await findObstacle();
    return obstacle === null ? { status: 'ready' } : reply.code(503).send({ status: 'not ready', reason: obstacle });
  });
}
