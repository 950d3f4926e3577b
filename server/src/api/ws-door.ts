import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import type { Server } from 'graphql-ws';
import type { RawData, ServerOptions, WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { Caller } from '../auth/caller.js';
import type { Authenticate } from '../auth/verify-token.js';
import { exactJson } from '../kit/json-text.js';
import type { Doors } from './answer-request.js';
import type { ClientAddress } from './client-address.js';
import { closeForRestart, closeInSlices, waitUntilAnswered } from './close-sockets.js';
import type { KnowsHost } from './demo-host.js';
import type { HttpListener } from './http-listener.js';
import type { SharedSubscribe } from '../live/shared-subscribe.js';
import { sendRawAnswer } from './raw-answer.js';
import { requestIdOf } from './request-id.js';
import type { SocketRefusal } from './sign-in.js';
import { findSocketCaller, isRefusal } from './sign-in.js';
import type { UnauthenticatedMax } from './unauthenticated-sockets.js';
import type { SocketExtra } from './ws-requests.js';
import { createWsRequests } from './ws-requests.js';
import type { OpenSocket } from './open-socket.js';
import { CLOSE } from './open-socket.js';
import { WsSockets } from './ws-sockets.js';
import { answerWithoutUpgrade, inTurn, survive } from './without-upgrade.js';
import { refuseUpgrade, wantsWebSocket } from './ws-upgrade.js';

const MESSAGE_BYTES_MAX = 256 * 1024;
const ANONYMOUS_MESSAGE_BYTES_MAX = 64 * 1024;
const SLOW_BYTES = 64 * 1024;
const UNREAD_BYTES_MAX = 4 * 1024 * 1024;
/** Long enough for hundreds that come at once to a busy process; those who only stand there are displaced. */
const INIT_MS = 10_000;
const CLOSE_MS_MAX = 5_000;
const END_MS_MAX = 500;
const CLOSE_REASON_BYTES_MAX = 123;
const SENT = Promise.resolve();

export interface WsDoorOptions {
  readonly listener: HttpListener;
  readonly doors: Doors;
  readonly authenticate: Authenticate;
  readonly allowedOrigins: ReadonlySet<string>;
  /** In a demo: for which hosts it answers. null: for every one. */
  readonly knowsHost: KnowsHost | null;
  readonly addressOf: ClientAddress;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Hears of revoked API keys; returns the undo. */
  readonly onRevoked: (listener: (keyId: string) => void) => () => void;
  /** Lets equal subscriptions share one execution; without it each is executed for itself. */
  readonly shared?: SharedSubscribe | undefined;
  readonly pingMs?: number | undefined;
  readonly initMs?: number | undefined;
  readonly timerMsMax?: number | undefined;
  readonly unauthenticatedMax?: UnauthenticatedMax | undefined;
}

/**
 * The WebSocket door at `/graphql`: subscriptions, and queries and mutations for integrators, under the same limits as HTTP.
 *
 * A credential in `connection_init` ({"authorization": "Bearer …"}) opens it, or in the upgrade's own `Authorization` header; cookies are
 * never read. Messages have at most 64 KiB before that and 256 KiB after. Who does not read what is sent is cut off.
 *
 * Source: docs/api.md, The WebSocket
 */
export class WsDoor {
  readonly #options: WsDoorOptions;
  readonly #server: WebSocketServer;
  readonly #sockets: WsSockets;
  readonly #operations: Server<SocketExtra>;
  readonly #stopListening: () => void;
  #isLeaving = false;
  #isEnding = false;

  constructor(options: WsDoorOptions) {
    this.#options = options;
    const { listener, doors, authenticate, onRevoked, shared, initMs = INIT_MS } = options;
    const sockets = new WsSockets(options);
    this.#sockets = sockets;
    this.#stopListening = onRevoked((keyId) => sockets.revoke(keyId));
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
    this.#server.on('headers', (headers, request) =>
      headers.push(`x-request-id: ${requestIdOf(request)}`, 'x-content-type-options: nosniff'),
    );
    this.#server.on('wsClientError', (error, socket, request) =>
      sendRawAnswer(socket, { status: 400, error: error.message, requestId: requestIdOf(request) }),
    );
    this.#operations = createWsRequests({
      doors,
      authenticate,
      sockets,
      shared,
      initMs,
      isEnding: () => this.#isEnding,
    });
    doors.metrics.watchSockets({ open: () => sockets.size, subscriptions: () => sockets.subscriptions });
    listener.onUpgrade((request, socket, head) => {
      survive(socket);
      if (!wantsWebSocket(request)) answerWithoutUpgrade(listener.server, request, socket, head);
      else inTurn(socket, () => void this.#upgrade(request, socket, head));
    });
  }

  /** Sends everybody to the other processes: in slices, and newcomers at once. Within about 7 s. */
  async leave(): Promise<void> {
    this.#isLeaving = true;
    await closeInSlices(this.#sockets.list());
    await this.end();
  }

  /** Begins nothing new, and waits until what was begun is answered, at most so long. The sockets stay open. */
  async settle(msMax: number): Promise<void> {
    this.#isLeaving = true;
    this.#isEnding = true;
    await waitUntilAnswered(this.#sockets.list(), msMax);
  }

  /** Closes all sockets with 1012 at once; who does not answer that within half a second is cut off. */
  async end(): Promise<void> {
    this.#isLeaving = true;
    this.#isEnding = true;
    this.#stopListening();
    this.#sockets.stop();
    this.#sockets.list().forEach(closeForRestart);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    const timeout = setTimeout(() => {
      for (const socket of this.#server.clients) socket.terminate();
    }, END_MS_MAX);
    await closed;
    clearTimeout(timeout);
  }

  /** Nothing may throw here: no caller would catch it, and the process would end. */
  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    try {
      const refusal = refuseUpgrade(request, this.#options);
      if (refusal !== null) return sendRawAnswer(socket, { ...refusal, requestId: requestIdOf(request) });
      const address = this.#options.addressOf(request);
      const { authorization } = request.headers;
      // Another scheme than Bearer is meant for a proxy in front of this server, which has checked it.
      const isBearer = authorization !== undefined && /^bearer /i.test(authorization);
      const found = isBearer ? await findSocketCaller(this.#options, address, authorization) : null;
      this.#server.handleUpgrade(request, socket, head, (ws) => this.#opened(ws, socket, address, found));
    } catch {
      socket.destroy();
    }
  }

  #opened(ws: WebSocket, connection: Duplex, address: string, found: Caller | SocketRefusal | null): void {
    const refuse = (code: number, reason: string): void => {
      ws.on('error', () => ws.terminate());
      ws.close(code, reason);
    };
    if (this.#isLeaving) return refuse(CLOSE.restart, 'Service restart');
    if (found !== null && isRefusal(found)) return refuse(found.code, found.reason);
    const open = found === null ? this.#sockets.open(ws, address) : this.#sockets.openSignedIn(ws, address, found);
    if (open === null) return refuse(CLOSE.busy, 'Too many sockets');
    serve(this.#options.doors, this.#operations, open, connection);
  }
}

function serve(doors: Doors, operations: Server<SocketExtra>, open: OpenSocket, connection: Duplex): void {
  const { socket } = open;
  let strangersBytes = 0;
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
      // A reason that tells an operation's id may be longer than a close frame can carry.
      close: (code, reason) =>
        socket.close(code, Buffer.byteLength(reason ?? '') > CLOSE_REASON_BYTES_MAX ? '' : reason),
      onMessage: (handle) => {
        socket.on('message', (data: RawData) => {
          // Sent before the peer knew of the close: its answer could not be sent, so it is not begun.
          if (socket.readyState !== socket.OPEN) return;
          const bytes = data as Buffer;
          // Everything that comes before signing in counts together, so that a stranger cannot make the server read much.
          if (open.caller === null && (strangersBytes += bytes.length) > ANONYMOUS_MESSAGE_BYTES_MAX)
            return socket.close(CLOSE.tooLarge, 'Message too large');
          const text = exactJson(bytes.toString('utf8'));
          if (text === null) return socket.close(CLOSE.badRequest, 'Message nested too deep');
          open.messageBytes = bytes.length;
          handle(text).catch(fail);
        });
      },
    },
    { open },
  );
  socket.on('close', (code, reason) => {
    doors.metrics.socketClosed(code);
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
      // A message that cannot be sent: the socket is closing, and its `close` event follows.
      socket.send(text, () => resolve());
    });
  };
}
