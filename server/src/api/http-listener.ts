import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as NetServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { allowOrigin } from './allow-origin.js';
import { sendUnreadable } from './raw-answer.js';
import { requestIdOf } from './request-id.js';

/** Source: docs/api.md, Limits */
const HEADER_BYTES_MAX = 32 * 1024;
const REQUEST_MS_MAX = 30_000;
const KEEP_ALIVE_MS = 72_000;
/** Connections that may wait to be accepted: as many as come back at once after a restart. */
const BACKLOG = 4_096;
/** How long a request waits for the end of a start. */
const HELD_MS_MAX = 25_000;
const LOOK_MS = 10;
const END_MS_MAX = 500;
const RETRY_SECONDS = 1;

const BUSY = 'The service is busy or restarting. Nothing is lost: try again with the same idempotency key.';

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/**
 * The one HTTP server. It may listen while the application behind it still starts: requests and upgrades that come meanwhile wait for
 * it, so that clients which come back after a restart find a port that is open. `/healthz` and `/readyz` are answered at once.
 *
 * It also knows which requests are being answered, so that a process that ends can wait for them.
 */
export class HttpListener {
  readonly server: Server;
  readonly #allowedOrigins: ReadonlySet<string>;
  readonly #underWay = new Set<ServerResponse>();
  readonly #answered: (this: ServerResponse) => void;
  #held: (() => void)[] = [];
  #isOpen = false;
  #onRequest: RequestListener | null = null;
  #onUpgrade: UpgradeListener | null = null;

  /** @param allowedOrigins  whose pages may read what is answered before the application is there */
  constructor(allowedOrigins: ReadonlySet<string> = new Set()) {
    this.#allowedOrigins = allowedOrigins;
    const underWay = this.#underWay;
    // One function for all, which Node calls on the response.
    this.#answered = function answered() {
      underWay.delete(this);
    };
    this.server = createServer({
      maxHeaderSize: HEADER_BYTES_MAX,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // A request without one is refused with request id and all, like any other.
      requireHostHeader: false,
    });
    // A peer that has sent its last (`nc -N`, some load balancers) may still read: Node's types leave this out.
    Reflect.set(this.server, 'httpAllowHalfOpen', true);
    this.server.on('request', (request, response) => this.#request(request, response));
    // Expectations other than 100-continue are none that a server must know.
    this.server.on('checkExpectation', (request, response) => this.server.emit('request', request, response));
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (this.#isOpen) return this.#onUpgrade?.(request, socket, head);
      socket.on('error', () => socket.destroy());
      this.#held.push(() => this.server.emit('upgrade', request, socket, head));
    });
    this.server.on('clientError', sendUnreadable);
  }

  /** Begins to accept connections, unless it does already. */
  async listen(port: number, host: string): Promise<AddressInfo> {
    if (!this.server.listening) {
      await new Promise<void>((resolve, reject) => {
        this.server.once('error', reject);
        this.server.listen({ port, host, backlog: BACKLOG }, () => {
          this.server.off('error', reject);
          resolve();
        });
      });
    }
    return this.server.address() as AddressInfo;
  }

  onRequest(listener: RequestListener): void {
    this.#onRequest = listener;
  }

  onUpgrade(listener: UpgradeListener): void {
    this.#onUpgrade = listener;
  }

  /** The application has started: what waited is handed to it, and everything from now on. */
  open(): void {
    this.#isOpen = true;
    for (const hand of this.#held.splice(0)) hand();
  }

  /** Accepts no connection any more. Those there are go on, idle ones too: a proxy may be sending on one at this moment. */
  stopAccepting(): void {
    // The close of an HTTP server would end idle connections.
    NetServer.prototype.close.call(this.server);
  }

  /** Waits until every request is answered, at most so long. */
  async settle(msMax: number): Promise<void> {
    const until = performance.now() + msMax;
    while (this.#underWay.size > 0 && performance.now() < until) await sleep(LOOK_MS);
  }

  /** Ends everything at once; a request that is still not answered is told to try again. */
  async end(): Promise<void> {
    for (const response of this.#underWay) if (!response.headersSent) sendBusy(response);
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    // What was written last leaves first.
    await sleep(0);
    this.server.closeAllConnections();
    await Promise.race([closed, sleep(END_MS_MAX, undefined, { ref: false })]);
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    this.#underWay.add(response);
    response.on('close', this.#answered);
    if (this.#isOpen) return this.#onRequest?.(request, response);
    allowOrigin(request, response, this.#allowedOrigins);
    const path = request.url?.split('?', 1)[0];
    if (path === '/healthz') return sendPlain(response, 200, { status: 'ok' });
    if (path === '/readyz') return sendPlain(response, 503, { status: 'not ready', reason: 'starting' });
    const late = setTimeout(() => sendBusy(response), HELD_MS_MAX);
    response.on('close', () => clearTimeout(late));
    this.#held.push(() => {
      clearTimeout(late);
      if (!response.headersSent) this.server.emit('request', request, response);
    });
  }
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
