import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { TestStripeApi } from './test-stripe-api.js';
import { newId, seconds, StripeRefusal } from './test-stripe-objects.js';

export const TEST_WEBHOOK_SECRET = 'whsec_test_of_the_local_server';

/**
 * A server that speaks the part of Stripe's API which this service uses, with its form bodies, its expansions, its idempotency keys and
 * its errors.
 *
 * Buyers and banks are the test's own: `pay`, `renew`, `dispute`. What they do is told as events that `signed` signs like Stripe.
 */
export class TestStripe extends TestStripeApi {
  /** Each idempotency key with how often it came. */
  readonly keys = new Map<string, number>();
  private readonly answers = new Map<
    string,
    { readonly asked: string; readonly status: number; readonly body: string }
  >();
  /** What is done to the next requests instead of answering them. */
  readonly faults: ('drop' | 'drop after doing it' | 500 | 429)[] = [];
  private readonly server: Server;

  constructor(livemode = false) {
    super(livemode);
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async listen(): Promise<{ host: string; port: number; protocol: 'http' }> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    const { port } = this.server.address() as AddressInfo;
    return { host: '127.0.0.1', port, protocol: 'http' };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  /** An event as Stripe delivers it. */
  signed(event: Stripe.Event, at = Date.now(), secret = TEST_WEBHOOK_SECRET): { body: string; signature: string } {
    const body = JSON.stringify(event);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp: seconds(at) });
    return { body, signature };
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const fault = this.faults.shift();
    if (fault === 'drop') return void request.socket.destroy();
    if (typeof fault === 'number')
      return send(response, fault, JSON.stringify({ error: { type: 'api_error', message: 'Try again.' } }));
    const { status, text } = this.handle(request, body);
    if (fault === 'drop after doing it') return void request.socket.destroy();
    send(response, status, text);
  }

  private handle(request: IncomingMessage, body: string): { status: number; text: string } {
    const { pathname, search } = new URL(request.url ?? '', 'http://stripe');
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || request.method === 'GET') return this.do(request.method, pathname, search, body);
    this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
    const asked = `${pathname}?${body}`;
    const known = this.answers.get(key);
    if (known && known.asked !== asked)
      return {
        status: 400,
        text: JSON.stringify({
          error: {
            type: 'idempotency_error',
            message:
              'Keys for idempotent requests can only be used with the same parameters they were first used with.',
          },
        }),
      };
    if (known) return { status: known.status, text: known.body };
    const { status, text } = this.do(request.method, pathname, search, body);
    this.answers.set(key, { asked, status, body: text });
    return { status, text };
  }

  private do(method: string | undefined, path: string, search: string, body: string): { status: number; text: string } {
    for (const [wanted, pattern, handle] of this.routes) {
      const match = method === wanted ? pattern.exec(path) : null;
      if (!match) continue;
      try {
        const form = new URLSearchParams(method === 'POST' ? body : search);
        return { status: 200, text: JSON.stringify(handle(form, match[1] ?? '')) };
      } catch (error) {
        if (!(error instanceof StripeRefusal)) throw error;
        return { status: error.status, text: JSON.stringify({ error: error.error }) };
      }
    }
    return {
      status: 404,
      text: JSON.stringify({
        error: { type: 'invalid_request_error', message: `Unrecognized request URL (${method}: ${path}).` },
      }),
    };
  }
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': newId('req') }).end(body);
}
