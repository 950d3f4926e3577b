import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Lets pages of the allowed origins read an answer, and what it says about trying again.
 *
 * Set on Node's own response, so that it is in every answer, also in those that no route gives: while the process starts or ends.
 */
export function allowOrigin(request: IncomingMessage, response: ServerResponse, allowed: ReadonlySet<string>): void {
  const { origin } = request.headers;
  if (origin === undefined || !allowed.has(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('vary', 'origin');
  response.setHeader('access-control-expose-headers', 'x-request-id, retry-after');
}
