import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { HttpListener } from './api/http-listener.js';
import type { App } from './app.js';
import { createApp } from './app.js';
import type { TestApp } from './testing/test-app.js';
import { startTestApp } from './testing/test-app.js';
import type { TestProxy } from './testing/test-proxy.js';
import { startTestProxy } from './testing/test-proxy.js';
import { RawSocket } from './testing/test-socket.js';

const CLIENTS = 500;
const WAIT_MS_MAX = 90_000;
const QUERY = 'subscription B($id: ID!) { balanceChanged(accountId: $id) { available } }';

/** Clients of the graphql-ws package as it comes, each with one live balance: how often each has heard, and who gave up. */
class Crowd {
  readonly heard: number[];
  readonly gone: unknown[] = [];
  readonly #clients;

  constructor(url: string, token: string, accountId: string) {
    this.heard = Array<number>(CLIENTS).fill(0);
    this.#clients = this.heard.map((_none, index) => {
      const client = createClient({
        url,
        webSocketImpl: WebSocket,
        connectionParams: { authorization: `Bearer ${token}` },
      });
      const subscribe = (): void => {
        let isBusy = false;
        client.subscribe(
          { query: QUERY, variables: { id: accountId } },
          {
            next: ({ errors }) => {
              // Told to come back: the database of a busy machine. The socket stays.
              isBusy = errors?.[0]?.extensions?.['code'] === 'UNAVAILABLE';
              if (errors === undefined) this.heard[index] = (this.heard[index] ?? 0) + 1;
              else if (!isBusy) this.gone.push(errors);
            },
            error: (error) => this.gone.push(error),
            complete: () => isBusy && subscribe(),
          },
        );
      };
      subscribe();
      return client;
    });
  }

  /** Resolves once everybody has heard of the balance so many times, or somebody is gone; in seconds. */
  async allHeard(times: number): Promise<number> {
    const startedAt = performance.now();
    while (this.heard.some((count) => count < times) && this.gone.length === 0) {
      if (performance.now() - startedAt > WAIT_MS_MAX) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return (performance.now() - startedAt) / 1000;
  }

  async dispose(): Promise<void> {
    for (const client of this.#clients) await client.dispose();
  }
}

let first: TestApp;
let app: App;
let port: number;
beforeAll(async () => {
  first = await startTestApp();
  ({ app } = first);
  port = Number(new URL(first.url).port);
});
afterAll(async () => {
  await app.close();
  await first.close();
});

/** The process ends and the next one begins at the same port, which listens before anything else, as `main.ts` does. */
async function restart(): Promise<void> {
  await app.close();
  const listener = new HttpListener();
  await listener.listen(port, '127.0.0.1');
  app = await createApp(first.env, { listener });
  await app.listen(port, '127.0.0.1');
}

test.each([0, 80])(
  '500 stock clients of one address, %i ms away, are all connected, and all come back after a restart; idle sockets stand there too',
  async (delayMs) => {
    const accountId = await first.openAccount();
    const proxy: TestProxy = await startTestProxy({ port }, delayMs);
    const url = `ws://127.0.0.1:${proxy.port}/graphql`;
    const idle = await Promise.all(Array.from({ length: 40 }, () => RawSocket.open(url)));
    const crowd = new Crowd(url, first.serviceToken, accountId);
    try {
      const connectedSeconds = await crowd.allHeard(1);
      expect({ gone: crowd.gone, connected: crowd.heard.filter((count) => count > 0).length }).toEqual({
        gone: [],
        connected: CLIENTS,
      });
      crowd.heard.fill(0);
      await restart();
      const backSeconds = await crowd.allHeard(1);
      expect({ gone: crowd.gone, back: crowd.heard.filter((count) => count > 0).length }).toEqual({
        gone: [],
        back: CLIENTS,
      });
      process.stderr.write(
        `500 stock clients ${delayMs} ms away: connected after ${connectedSeconds.toFixed(2)} s, back after ${backSeconds.toFixed(2)} s\n`,
      );
    } finally {
      for (const socket of idle) socket.terminate();
      await crowd.dispose();
      await proxy.close();
    }
  },
  240_000,
);
