import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols } from 'graphql-ws';
import type { RawData, Server, ServerOptions, WebSocket } from 'ws';
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
import { WsRequests } from './ws-requests.js';
import { CLOSE, DoorSocket, OpenSocket } from './open-socket.js';
import { WsSockets } from './ws-sockets.js';
import { answerWithoutUpgrade, inTurn, survive } from './without-upgrade.js';
import { refuseUpgrade, wantsWebSocket } from './ws-upgrade.js';

const MESSAGE_BYTES_MAX = 256 * 1024;
const ANONYMOUS_MESSAGE_BYTES_MAX = 64 * 1024;
const CLOSE_MS_MAX = 5_000;
const END_MS_MAX = 500;

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
  /** Lets equal subscriptions share one execution. */
  readonly shared: SharedSubscribe;
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
  readonly #server: Server<typeof DoorSocket>;
  readonly #sockets: WsSockets;
  readonly #requests: WsRequests;
  readonly #onMessage: OnMessage;
  readonly #onClose: OnClose;
  readonly #stopListening: () => void;
  #isLeaving = false;
  #isEnding = false;

  constructor(options: WsDoorOptions) {
    this.#options = options;
    const { listener, doors, authenticate, onRevoked, shared } = options;
    const sockets = new WsSockets(options);
    this.#sockets = sockets;
    this.#stopListening = onRevoked((keyId) => sockets.revoke(keyId));
    // `closeTimeout` is known to ws, not yet to its types: one silent peer would otherwise hold a shutdown for 30 s.
    const settings: ServerOptions<typeof DoorSocket> & { closeTimeout: number } = {
      WebSocket: DoorSocket,
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
    this.#requests = new WsRequests({ doors, authenticate, sockets, shared, isEnding: () => this.#isEnding });
    const { onMessage, onClose } = createListeners(doors, sockets, this.#requests);
    this.#onMessage = onMessage;
    this.#onClose = onClose;
    doors.metrics.watchSockets({ open: () => sockets.size, subscriptions: () => sockets.subscriptions });
    listener.onUpgrade((request, socket, head) => {
      survive(socket);
      if (!wantsWebSocket(request)) answerWithoutUpgrade(listener, request, socket, head);
      else inTurn(listener.answers, socket, () => void this.#upgrade(request, socket, head));
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

  #opened(ws: DoorSocket, connection: Duplex, address: string, found: Caller | SocketRefusal | null): void {
    ws.on('error', onError);
    if (this.#isLeaving) return ws.close(CLOSE.restart, 'Service restart');
    if (found !== null && isRefusal(found)) return ws.close(found.code, found.reason);
    const open = new OpenSocket(ws, connection, address);
    if (found === null) this.#sockets.open(open);
    else if (!this.#sockets.openSignedIn(open, found)) return ws.close(CLOSE.busy, 'Too many sockets');
    ws.open = open;
    ws.on('message', this.#onMessage);
    ws.on('pong', onPong);
    ws.on('close', this.#onClose);
  }
}

function onError(this: WebSocket): void {
  this.terminate();
}

function onPong(this: WebSocket): void {
  const { open } = this as DoorSocket;
  if (open !== null) open.isAlive = true;
}

type OnMessage = (this: WebSocket, data: RawData) => void;
type OnClose = (this: WebSocket, code: number) => void;

/** The listeners of all sockets, of which each knows what it is by its `open`. */
function createListeners(
  doors: Doors,
  sockets: WsSockets,
  requests: WsRequests,
): { readonly onMessage: OnMessage; readonly onClose: OnClose } {
  return {
    onMessage(data) {
      const { open } = this as DoorSocket;
      // Sent before the peer knew of the close: its answer could not be sent, so it is not begun.
      if (open === null || this.readyState !== this.OPEN) return;
      const bytes = data as Buffer;
      // Everything that comes before signing in counts together, so that a stranger cannot make the server read much.
      if (open.caller === null && (open.strangersBytes += bytes.length) > ANONYMOUS_MESSAGE_BYTES_MAX)
        return open.close(CLOSE.tooLarge, 'Message too large');
      const text = exactJson(bytes.toString('utf8'));
      if (text === null) return open.close(CLOSE.badRequest, 'Message nested too deep');
      open.messageBytes = bytes.length;
      requests.receive(open, text);
    },
    onClose(code) {
      const { open } = this as DoorSocket;
      doors.metrics.socketClosed(code);
      if (open === null) return;
      sockets.closed(open);
      open.endAll();
    },
  };
}
