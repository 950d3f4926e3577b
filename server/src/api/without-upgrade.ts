import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { AnswersUnderWay } from './answers-under-way.js';

/** What belongs to an offer to change the protocol, and to this connection alone. */
const OFFER_HEADERS = new Set(['upgrade', 'http2-settings']);

/**
 * Answers a request as if it had not offered to change to another protocol, as HTTP has it: a server ignores an `Upgrade` that it
 * does not know. Java's client and `curl --http2` offer `h2c` with their first request, a body included.
 *
 * Once somebody listens for upgrades, Node takes every offer out of its HTTP parser. So the connection is given to the server again,
 * from the beginning of this request on and without the offer: the body, in chunks or not, and the requests after it are read as ever.
 */
export function answerWithoutUpgrade(
  { server, answers }: { readonly server: Server; readonly answers: AnswersUnderWay },
  request: IncomingMessage,
  socket: Duplex,
  rest: Buffer,
): void {
  const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/${request.httpVersion}`];
  for (let index = 0; index < request.rawHeaders.length; index += 2) {
    const name = request.rawHeaders[index] ?? '';
    const value = request.rawHeaders[index + 1] ?? '';
    const kept = name.toLowerCase() === 'connection' ? withoutOffer(value) : value;
    if (!OFFER_HEADERS.has(name.toLowerCase()) && kept !== null) lines.push(`${name}: ${kept}`);
  }
  // At once: with these bytes still to be read, a peer that has sent its last ends nothing before they are answered.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]));
  inTurn(answers, socket, () => {
    // The server listens for errors itself from here on.
    socket.off('error', destroyOnError);
    server.emit('connection', socket);
  });
}

/** Listens for the `error` of a connection that Node has let go of: with no listener, the reset of one would end the process. */
export function survive(socket: Duplex): void {
  socket.on('error', destroyOnError);
}

function destroyOnError(this: Duplex): void {
  this.destroy();
}

/**
 * Goes on with a connection that Node has taken out of its HTTP parser when the requests sent before on it are answered; never, if it
 * has been closed by then.
 *
 * Node no longer tells the answer under way that more may be written: that is done here instead. Nor may it begin to read again by
 * itself, as it does when many answers waited: what it read would be lost.
 */
export function inTurn(answers: AnswersUnderWay, socket: Duplex, go: () => void): void {
  const earlier = answers.on(socket);
  if (socket.destroyed || !socket.writable) return void socket.destroy();
  if (earlier === null) return go();
  socket.on('readable', leaveUnread);
  const drained = (): void => {
    if (earlier.writableNeedDrain) earlier.emit('drain');
  };
  socket.on('drain', drained);
  earlier.once('close', () => {
    socket.off('drain', drained);
    socket.off('readable', leaveUnread);
    inTurn(answers, socket, go);
  });
}

/** While something listens for `readable`, nothing that is read leaves the stream by itself. */
function leaveUnread(): void {
  // It stays for whoever is given the connection.
}

/** What a `Connection` header says besides the offer; null: nothing. */
function withoutOffer(connection: string): string | null {
  const options = connection.split(',').map((option) => option.trim());
  const kept = options.filter((option) => option !== '' && !OFFER_HEADERS.has(option.toLowerCase()));
  return kept.length === 0 ? null : kept.join(', ');
}
