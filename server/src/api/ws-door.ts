import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import type { Server } from 'graphql-ws';
import type { RawData, ServerOptions, WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Authenticate } from '../auth/verify-token.js';
import type { Doors } from './answer-operation.js';
import type { ClientAddress } from './client-address.js';
import type { SharedSubscribe } from '../live/shared-subscribe.js';
import type { SocketExtra } from './ws-operations.js';
import { createWsOperations } from './ws-operations.js';
import type { OpenSocket } from './ws-sockets.js';
import { CLOSE, WsSockets } from './ws-sockets.js';
import { refuseUpgrade, sendRefusal } from './ws-upgrade.js';

const MESSAGE_BYTES_MAX = 256 * 1024;
const ANONYMOUS_MESSAGE_BYTES_MAX = 64 * 1024;
const SLOW_BYTES = 64 * 1024;
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;
const CLOSE_MS_MAX = 5_000;
const SENT = Promise.resolve();

export interface WsDoorOptions {
  readonly server: HttpServer;
  readonly doors: Doors;
  readonly authenticate: Authenticate;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly addressOf: ClientAddress;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Hears of revoked API keys; returns the undo. */
  readonly onRevoked: (listener: (keyId: string) => void) => () => void;
  /** Lets equal subscriptions share one execution; without it each is executed for itself. */
  readonly shared?: SharedSubscribe | undefined;
  readonly pingMs?: number | undefined;
}

/**
 * The WebSocket door at `/graphql`: subscriptions, and queries and mutations for integrators, under the same limits as HTTP.
 *
 * A credential in `connection_init` ({"authorization": "Bearer …"}) opens it; cookies are never read. Messages have at most 64 KiB
 * before that and 256 KiB after. Who does not read what is sent is cut off.
 *
 * Source: docs/api.md, The WebSocket
 */
export class WsDoor {
  readonly #server: WebSocketServer;
  readonly #sockets: WsSockets;
  readonly #addressOf: ClientAddress;
  readonly #stopListening: () => void;
  #isDraining = false;

  constructor(options: WsDoorOptions) {
    const { server, doors, authenticate, allowedOrigins, addressOf, clock, onRevoked, shared, pingMs } = options;
    this.#sockets = new WsSockets(clock, pingMs);
    this.#addressOf = addressOf;
    this.#stopListening = onRevoked((keyId) => this.#sockets.revoke(keyId));
    // `closeTimeout` is known to ws, not yet to its types: one silent peer would otherwise hold a shutdown for 30 s.
    const settings: ServerOptions & { closeTimeout: number } = {
      noServer: true,
      maxPayload: MESSAGE_BYTES_MAX,
      perMessageDeflate: false,
      clientTracking: true,
      handleProtocols,
      closeTimeout: CLOSE_MS_MAX,
    };
    this.#server = new WebSocketServer(settings);
    const operations = createWsOperations({ doors, authenticate, sockets: this.#sockets, shared });
    const sockets = this.#sockets;
    doors.metrics.watchSockets({ open: () => sockets.size, subscriptions: () => sockets.subscriptions });
    server.on('upgrade', (request, socket, head) =>
      this.#upgrade(request, socket, head, allowedOrigins, (ws) =>
        serve(doors, operations, sockets.open(ws, addressOf(request)), socket),
      ),
    );
  }

  /** Refuses new sockets and closes those there are, within about 10 s. */
  async drain(): Promise<void> {
    this.#isDraining = true;
    this.#stopListening();
    await this.#sockets.drain();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const timeout = setTimeout(() => this.#sockets.terminate(), CLOSE_MS_MAX);
    await closed;
    clearTimeout(timeout);
  }

  /** Nothing may throw here: no caller would catch it, and the process would end. */
  #upgrade(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    allowedOrigins: ReadonlySet<string>,
    opened: (ws: WebSocket) => void,
  ): void {
    socket.on('error', () => socket.destroy());
    try {
      const rules = {
        allowedOrigins,
        isDraining: () => this.#isDraining,
        isFull: (from: IncomingMessage) => this.#sockets.isFull(this.#addressOf(from)),
      };
      const refusal = refuseUpgrade(request, rules);
      if (refusal !== null) return sendRefusal(socket, refusal);
      this.#server.handleUpgrade(request, socket, head, opened);
    } catch {
      socket.destroy();
    }
  }
}

function serve(doors: Doors, operations: Server<SocketExtra>, open: OpenSocket, connection: Duplex): void {
  const { socket } = open;
  const fail = (error: unknown): void => {
    const isUnexpectedType = error instanceof Error && error.message.startsWith('Unexpected message of type');
    if (isUnexpectedType) return socket.close(CLOSE.badRequest, 'Invalid message received');
    doors.onInternalError(error, 'websocket');
    socket.close(CLOSE.busy, 'Try again later');
  };
  socket.on('error', () => socket.terminate());
  const closed = operations.opened(
    {
      protocol: socket.protocol,
      send: createSend(socket, connection),
      close: (code, reason) => socket.close(code, reason),
      onMessage: (handle) => {
        socket.on('message', (data: RawData) => {
          const bytes = data as Buffer;
          if (open.caller === null && bytes.length > ANONYMOUS_MESSAGE_BYTES_MAX)
            return socket.close(CLOSE.tooLarge, 'Message too large');
          handle(bytes.toString('utf8')).catch(fail);
        });
      },
    },
    { open },
  );
  socket.on('close', (code, reason) => {
    doors.metrics.socketsClosed.inc({ code: String(code) });
    Promise.resolve(closed(code, reason.toString())).catch((error: unknown) =>
      doors.onInternalError(error, 'websocket'),
    );
  });
}

/**
 * Sends messages; what is sent in one turn of the process leaves it in one piece, since a batch of the ledger answers many
 * operations of one socket at once.
 *
 * To a reader that keeps up it resolves at once; to a slow one when the message has left, so that whoever makes messages waits.
 */
function createSend(socket: WebSocket, connection: Duplex): (text: string) => Promise<void> {
  let isGathering = false;
  const flush = (): void => {
    isGathering = false;
    connection.uncork();
  };
  return (text) => {
    if (socket.readyState !== socket.OPEN) return SENT;
    if (socket.bufferedAmount > UNREAD_BYTES_MAX) {
      socket.terminate();
      return SENT;
    }
    if (!isGathering) {
      isGathering = true;
      connection.cork();
      process.nextTick(flush);
    }
    if (socket.bufferedAmount < SLOW_BYTES) {
      socket.send(text);
      return SENT;
    }
    return new Promise((resolve) => {
      // A message that cannot be sent belongs to a socket whose end is about to be told.
      socket.send(text, () => resolve());
    });
  };
}
