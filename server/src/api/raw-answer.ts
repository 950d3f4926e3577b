import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { nextRequestId } from './request-id.js';

/** An answer to a request that no route has taken: its connection was to be upgraded, or could not be read at all. */
export interface RawAnswer {
  readonly status: number;
  /** In plain words. */
  readonly error: string;
  /** A new one when the request could not be read. */
  readonly requestId?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Writes an answer as routes give it, with request id and `nosniff`, onto a bare connection, and ends it. */
export function sendRawAnswer(socket: Duplex, answer: RawAnswer): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify({ error: answer.error });
  const headers = {
    'x-request-id': answer.requestId ?? nextRequestId(),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    connection: 'close',
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
    ...answer.headers,
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
}
