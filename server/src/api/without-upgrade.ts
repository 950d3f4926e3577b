import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerUnderWayOn } from './raw-answer.js';

/** What belongs to an offer to change the protocol, and to this connection alone. */
const OFFER_HEADERS = new Set(['upgrade', 'http2-settings']);

/**
 * Answers a request as if it had not offered to change to another protocol, as HTTP has it: a server ignores an `Upgrade` that it
 * does not know. Java's client and `curl --http2` offer `h2c` with their first request, a body included.
 *
 * Once somebody listens for upgrades, Node takes every offer out of its HTTP parser. So the connection is given to the server again,
 * from the beginning of this request on and without the offer: the body, in chunks or not, and the requests after it are read as ever.
 */
export function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, rest: Buffer): void {
  const earlier = answerUnderWayOn(socket);
  // Sent behind another request whose answer is not written yet: that one comes first.
  if (earlier !== null) return void earlier.once('close', () => answerWithoutUpgrade(server, request, socket, rest));
  const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/${request.httpVersion}`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    const value = request.rawHeaders[index + 1] ?? '';
    const kept = name.toLowerCase() === 'connection' ? withoutOffer(value) : value;
    if (!OFFER_HEADERS.has(name.toLowerCase()) && kept !== null) lines.push(`${name}: ${kept}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]));
  server.emit('connection', socket);
}

/** What a `Connection` header says besides the offer; null: nothing. */
function withoutOffer(connection: string): string | null {
  const options = connection.split(',').map((option) => option.trim());
  const kept = options.filter((option) => option !== '' && !OFFER_HEADERS.has(option.toLowerCase()));
  return kept.length === 0 ? null : kept.join(', ');
}
