import type { FastifyInstance } from 'fastify';
import type { DemoRole, DemoSession } from '../auth/demo-session.js';
import { DEMO_ROLES, isDemoRole } from '../auth/demo-session.js';

/**
 * `POST /demo/session` with `{"as": "free" | "pro" | "enterprise" | "service" | "operator"}`: signs in to the demo.
 *
 * Answers 200 `{"token", "accountId"}`, 400 for anybody else. Only a demo has this route.
 */
export function registerDemoRoutes(
  fastify: FastifyInstance,
  openSession: (as: DemoRole) => Promise<DemoSession>,
): void {
  fastify.post('/demo/session', async (request, reply) => {
    const as = (request.body as { as?: unknown } | null | undefined)?.as;
    if (!isDemoRole(as)) return reply.code(400).send({ error: `"as" must be one of ${DEMO_ROLES.join(', ')}.` });
    return openSession(as);
  });
}
