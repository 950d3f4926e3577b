import type { IncomingMessage } from 'node:http';
import type { KnowsHost } from './demo-host.js';
import { UNKNOWN_HOST } from './demo-host.js';
import type { RawAnswer } from './raw-answer.js';
import { GRAPHQL_PATH } from './graphql-route.js';

export interface UpgradeRules {
  readonly allowedOrigins: ReadonlySet<string>;
  /** In a demo: for which hosts it answers. null: for every one. */
  readonly knowsHost: KnowsHost | null;
}

/** Whether a request asks for a WebSocket. Any other protocol that it offers to change to (`h2c`) is none that is spoken here. */
export function wantsWebSocket({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.upgrade?.trim().toLowerCase() === 'websocket';
}

/**
 * Decides who may never open a WebSocket: whoever asks at another path, and pages of other origins than this server's own and the
 * allowed ones. Programs send no origin.
 *
 * What may be different a moment later (the server is full, or restarts) is not refused here but told by a close code after the
 * upgrade: most clients take an HTTP status for final.
 *
 * @returns null when the upgrade may go on
 */
export function refuseUpgrade(request: IncomingMessage, { allowedOrigins, knowsHost }: UpgradeRules): RawAnswer | null {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== GRAPHQL_PATH) return { status: 404, error: 'There is nothing at this address.' };
  if (knowsHost !== null && !knowsHost(request.headers.host)) return { status: 421, error: UNKNOWN_HOST };
  if (!isOwnOrAllowed(request.headers.origin, request.headers.host, allowedOrigins))
    return { status: 403, error: 'Pages of this origin may not open a WebSocket here.' };
  return null;
}

function isOwnOrAllowed(origin: string | undefined, host: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (origin === undefined || allowed.has(origin)) return true;
  if (host === undefined || /[/?#@\\]/.test(host) || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  // Parsed by the origin's own protocol, a host with that protocol's default port is the same as one without a port.
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === originHost;
}
