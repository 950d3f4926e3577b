import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import type { Authorization } from './client.js';
import type { FreshnessStore } from './freshness.js';

/** A ping every 4 s and 3 s for its answer: a link that died without a word shows within 7 s. */
const pingMs = 4_000;
const pongWaitMs = 3_000;

/** The longest wait of a page that is looked at, so that it is current within a second of the server's return. */
const seenWaitMs = 800;
const hiddenWaitMs = 10_000;

/** 100 ms doubled with each try, up to the longest wait; between half and all of that, so that a restarted server meets no stampede. */
export function retryDelayMs(retries: number, random: number, isHidden: boolean): number {
  const longest = Math.min(100 * 2 ** Math.min(retries, 10), isHidden ? hiddenWaitMs : seenWaitMs);
  return longest * (0.5 + 0.5 * random);
}

/** Resolves after the delay, or as soon as the machine is back on a network or the page is looked at. */
export function retryPause(retries: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      document.removeEventListener('visibilitychange', onSeen);
      resolve();
    };
    const onSeen = (): void => {
      if (!document.hidden) done();
    };
    const timer = setTimeout(done, retryDelayMs(retries, Math.random(), document.hidden));
    addEventListener('online', done);
    document.addEventListener('visibilitychange', onSeen);
  });
}

/**
 * The live connection: opened with the first subscription, closed with the last, reconnecting for ever.
 *
 * The protocol's keep-alive alone never notices a dead link, so an unanswered ping ends the socket here.
 *
 * A connection the server refused for its token (4401, 4403) is made again with a new one.
 */
export function openSocket(options: Authorization & { url: string; freshness: FreshnessStore }): Client {
  const { freshness } = options;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let isTokenRefused = false;
  const client = createClient({
    url: options.url,
    lazy: true,
    keepAlive: pingMs,
    connectionAckWaitTimeout: 5_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: retryPause,
    connectionParams: async () => {
      if (isTokenRefused) isTokenRefused = !(await options.renew());
      return { authorization: options.current() };
    },
    on: {
      ping: (isReceived) => {
        if (isReceived) return;
        clearTimeout(pongTimer);
        pongTimer = setTimeout(() => client.terminate(), pongWaitMs);
      },
      pong: (isReceived) => {
        if (!isReceived) return;
        clearTimeout(pongTimer);
        freshness.send({ type: 'answered', at: Date.now() });
      },
      closed: (event) => {
        clearTimeout(pongTimer);
        if (event instanceof CloseEvent && (event.code === 4401 || event.code === 4403)) isTokenRefused = true;
        freshness.send({ type: 'lost', at: Date.now() });
      },
    },
  });
  return client;
}
