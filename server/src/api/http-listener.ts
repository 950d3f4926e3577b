import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { allowOrigin } from './allow-origin.js';
import { AnswersUnderWay } from './answers-under-way.js';
import { allowHalfOpen } from './beneath-node.js';
import { sendUnreadable } from './raw-answer.js';
import { requestIdOf } from './request-id.js';

/** Source: docs/api.md, Limits */
const HEADER_BYTES_MAX = 32 * 1024;
const REQUEST_MS_MAX = 30_000;
const KEEP_ALIVE_MS = 72_000;
/** Connections that may wait to be accepted: as many as come back at once after a restart. */
const BACKLOG = 4_096;
/** How long the port is open without an application behind it. Source: docs/decisions/restarts.md */
const HOLD_MS = 10_000;
/** How long what waited has to be answered when the application does not come. */
const LEAVE_MS_MAX = 2_000;
const LOOK_MS = 10;
const END_MS_MAX = 500;
const RETRY_SECONDS = 1;

const BUSY = 'The service is busy or restarting. Nothing is lost: try again with the same idempotency key.';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What is done when the application is there, and when it is not and will not be soon. */
interface Held {
  readonly hand: () => void;
  readonly refuse: () => void;
}

export interface HttpListenerOptions {
  readonly holdMs?: number;
  /** Told when the port is closed because the application is not there in time. */
  readonly onLate?: () => void;
}

/**
 * The one HTTP server. It may listen while the application behind it still starts: requests and upgrades that come meanwhile wait for
 * it, so that clients which come back after a restart find a port that is open. `/healthz` and `/readyz` are answered at once.
 *
 * An application that is not there after 10 s is waited for no longer: what waits is told to come back, and the port is closed until
 * `listen` is called again, so that a balancer which asks nobody finds it closed and goes to another process.
 *
 * It also knows which requests are being answered, so that a process that ends can wait for them.
 */
export class HttpListener {
  readonly server: Server;
  readonly answers: AnswersUnderWay;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #held = new Set<Held>();
  /** Upgrades that are being sent away. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #holdMs: number;
  readonly #onLate: () => void;
  #late: NodeJS.Timeout | undefined;
  #port: number | null = null;
  #isOpen = false;
  #isGivenUp = false;
  #onRequest: RequestListener | null = null;
  #onUpgrade: UpgradeListener | null = null;

  /** @param allowedOrigins  whose pages may read what is answered before the application is there */
  constructor(
    allowedOrigins: ReadonlySet<string> = new Set(),
    { holdMs = HOLD_MS, onLate = () => undefined }: HttpListenerOptions = {},
  ) {
    this.#allowedOrigins = allowedOrigins;
    this.#holdMs = holdMs;
    this.#onLate = onLate;
    this.server = createServer({
      maxHeaderSize: HEADER_BYTES_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // A request without one is refused with request id and all, like any other.
      requireHostHeader: false,
    });
    allowHalfOpen(this.server);
    this.answers = new AnswersUnderWay(this.server);
    this.server.on('request', (request, response) => this.#request(request, response));
    // HTTP lets a server ignore every expectation but 100-continue.
    this.server.on('checkExpectation', (request, response) => this.server.emit('request', request, response));
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.#isOpen) return this.#onUpgrade?.(request, socket, head);
      socket.on('error', () => socket.destroy());
      this.#hold(socket, {
        hand: () => this.server.emit('upgrade', request, socket, head),
        refuse: () => this.#sendAway(request, socket, head),
      });
    });
    this.server.on('clientError', (error, socket) => sendUnreadable(error, socket, this.answers));
  }

  /** Begins to accept connections, unless it does already; once more, after it gave up, at the port that it had. */
  async listen(port: number, host: string): Promise<AddressInfo> {
    if (!this.server.listening) {
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', reject);
        this.server.listen({ port: port === 0 ? (this.#port ?? 0) : port, host, backlog: BACKLOG }, () => {
          this.server.off('error', reject);
          resolve();
        });
      });
      if (!this.#isOpen && !this.#isGivenUp) this.#late = setTimeout(() => this.#giveUp(), this.#holdMs);
    }
    const address = this.server.address() as AddressInfo;
    this.#port = address.port;
    return address;
  }

  onRequest(listener: RequestListener): void {
    this.#onRequest = listener;
  }

  onUpgrade(listener: UpgradeListener): void {
    this.#onUpgrade = listener;
  }

  /** The application has started: what waited is handed to it, and everything from now on. */
  open(): void {
    clearTimeout(this.#late);
    this.#isOpen = true;
    const held = [...this.#held];
    this.#held.clear();
    for (const { hand } of held) hand();
  }

  /**
   * The application could not be started: closes the port and answers what waits with "come back later". Does nothing once the application is there.
   *
   * Resolves when all of that has left, or after 2 s.
   */
  async abandon(): Promise<void> {
    if (this.#isOpen) return;
    clearTimeout(this.#late);
    this.#refuseHeld();
    const leaving = Promise.all(this.#leaving);
    await Promise.all([this.settle(LEAVE_MS_MAX), Promise.race([leaving, sleep(LEAVE_MS_MAX)])]);
  }

  /** Accepts no connection any more. Those there are go on, idle ones too: a proxy may be sending on one at this moment. */
  stopAccepting(): void {
    // The close of an HTTP server would end idle connections.
    NetServer.prototype.close.call(this.server);
  }

  /** Waits until every request is answered, at most so long. */
  async settle(msMax: number): Promise<void> {
    const until = performance.now() + msMax;
    while (this.answers.size > 0 && performance.now() < until) await sleep(LOOK_MS);
  }

  /** Ends everything at once; a request that is still not answered is told to try again. */
  async end(): Promise<void> {
    for (const response of this.answers) if (!response.headersSent) sendBusy(response);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // Gives the answers that were just written a moment to leave.
    await sleep(0);
    this.server.closeAllConnections();
    await Promise.race([closed, sleep(END_MS_MAX, undefined, { ref: false })]);
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    if (this.#isOpen) return this.#onRequest?.(request, response);
    allowOrigin(request, response, this.#allowedOrigins);
    const path = request.url?.split('?', 1)[0];
    // The port is closed: the caller's next request needs a new connection, to another process.
    const headers = this.#isGivenUp ? { connection: 'close' } : {};
    if (path === '/healthz') return sendPlain(response, 200, { status: 'ok' }, headers);
    if (path === '/readyz') return sendPlain(response, 503, { status: 'not ready', reason: 'starting' }, headers);
    this.#hold(response, {
      hand: () => this.server.emit('request', request, response),
      refuse: () => refuseBusy(request, response),
    });
  }

  /** Until the application is there, or the caller is gone. */
  #hold(connection: ServerResponse | Duplex, held: Held): void {
    if (this.#isGivenUp) return held.refuse();
    this.#held.add(held);
    connection.once('close', () => this.#held.delete(held));
  }

  #giveUp(): void {
    this.#refuseHeld();
    this.#onLate();
  }

  #refuseHeld(): void {
    this.#isGivenUp = true;
    if (this.server.listening) this.stopAccepting();
    const held = [...this.#held];
    this.#held.clear();
    for (const { refuse } of held) refuse();
  }

  #sendAway(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Loaded when it is needed: the port opens before anything else is loaded.
    const leaving = import('./send-away.js')
      .then(({ sendAway }) => sendAway(request, socket, head))
      .catch(() => void socket.destroy())
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }
}

/** Reads what is still coming of a request first: a connection that ends with something unread takes the answer with it. */
function refuseBusy(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return sendBusy(response);
  request.once('end', () => response.headersSent || sendBusy(response));
  request.resume();
}

/** Tells a caller to come back in a second, in the shape of GraphQL. */
export function sendBusy(response: ServerResponse, requestId = requestIdOf(response.req)): void {
  const errors = [{ message: BUSY, extensions: { code: 'UNAVAILABLE', retryAfterMs: RETRY_SECONDS * 1000 } }];
  sendPlain(
    response,
    503,
    { errors },
    { 'x-request-id': requestId, 'retry-after': RETRY_SECONDS, connection: 'close' },
  );
}

function sendPlain(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string | number>> = {},
): void {
  response.writeHead(status, {
    'x-request-id': requestIdOf(response.req),
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    ...headers,
  });
  response.end(JSON.stringify(body));
}
