import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnswersUnderWay } from './answers-under-way.js';
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

/** What a request is told that could not be read, by the code of Node's HTTP parser; 400 for every other. */
const UNREADABLE: Readonly<Record<string, Pick<RawAnswer, 'status' | 'error'>>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    error: 'The headers have more than 32 kB; a credential has at most 16,384 characters.',
  },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, error: 'The extensions of the chunks are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, error: 'The request did not come in time.' },
};
const MALFORMED = { status: 400, error: 'The request could not be read.' };

/** Answers a request that could not be read, unless an answer to another is being written on the connection. */
export function sendUnreadable(
  error: Error & { readonly code?: string },
  socket: Duplex,
  answers: AnswersUnderWay,
): void {
  if (error.code === 'ECONNRESET' || answers.on(socket)?.headersSent === true) return void socket.destroy();
  socket.on('error', () => socket.destroy());
  sendRawAnswer(socket, UNREADABLE[error.code ?? ''] ?? MALFORMED);
}
