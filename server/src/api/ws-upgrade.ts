import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { GRAPHQL_PATH } from './graphql-route.js';

/** Why a connection is not upgraded to a WebSocket. */
export interface UpgradeRefusal {
  readonly status: 403 | 404 | 429 | 503;
  readonly reason: string;
}

export interface UpgradeRules {
  readonly allowedOrigins: ReadonlySet<string>;
  readonly isDraining: () => boolean;
  /** Whether the caller's address has as many sockets open as may be without having signed in. */
  readonly isFull: (request: IncomingMessage) => boolean;
}

/**
 * Decides who may open a WebSocket: pages of this server's own origin and of the allowed ones, and programs, which send no origin.
 *
 * @returns null when the upgrade may go on
 */
export function refuseUpgrade(request: IncomingMessage, rules: UpgradeRules): UpgradeRefusal | null {
  const path = (request.url ?? '').split('?', 1)[0];
  if (path !== GRAPHQL_PATH) return { status: 404, reason: 'Not Found' };
  if (!isOwnOrAllowed(request.headers.origin, request.headers.host, rules.allowedOrigins))
    return { status: 403, reason: 'Forbidden' };
  if (rules.isDraining()) return { status: 503, reason: 'Service Unavailable' };
  if (rules.isFull(request)) return { status: 429, reason: 'Too Many Requests' };
  return null;
}

/** Ends a connection that is not upgraded. */
export function sendRefusal(socket: Duplex, { status, reason }: UpgradeRefusal): void {
  const retry = status === 429 || status === 503 ? 'Retry-After: 1\r\n' : '';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n${retry}Content-Length: 0\r\n\r\n`);
}

function isOwnOrAllowed(origin: string | undefined, host: string | undefined, allowed: ReadonlySet<string>): boolean {
  if (origin === undefined || allowed.has(origin)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && originHost === host.toLowerCase();
}
