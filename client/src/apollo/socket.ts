import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import type { Authorization } from './client.js';
import type { FreshnessStore } from './freshness.js';

/** A ping every 4 s and 3 s for its answer: a link that died without a word shows within 7 s. */
const pingMs = 4_000;
const pongWaitMs = 3_000;
/** From the first packet to the server's acknowledgement; a try that takes longer is given up for another. */
const handshakeMs = 5_000;

/** The longest wait of a page that is looked at, so that it is current within a second of the server's return. */
const seenWaitMs = 800;
const hiddenWaitMs = 10_000;

/** 100 ms doubled with each try, up to the longest wait; between half and all of that, so that a restarted server meets no stampede. */
export function retryDelayMs(retries: number, random: number, isHidden: boolean): number {
  const longest = Math.min(100 * 2 ** Math.min(retries, 10), isHidden ? hiddenWaitMs : seenWaitMs);
  return longest * (0.5 + 0.5 * random);
}

/** Those who wait for their next try. */
const waiting = new Set<() => void>();

/** Ends every wait between two tries: somebody asks for one now. */
export function tryNow(): void {
  for (const done of waiting) done();
}

/** Resolves after the delay, or as soon as the machine is back on a network, the page is looked at, or `tryNow` says so. */
export function retryPause(retries: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      waiting.delete(done);
      clearTimeout(timer);
      removeEventListener('online', done);
      document.removeEventListener('visibilitychange', onSeen);
      resolve();
    };
    const onSeen = (): void => {
      if (!document.hidden) done();
    };
    waiting.add(done);
    const timer = setTimeout(done, retryDelayMs(retries, Math.random(), document.hidden));
    addEventListener('online', done);
    document.addEventListener('visibilitychange', onSeen);
  });
}

/** Refused for its token: the server's own code, and the one of servers before it. */
const isRefusal = (event: unknown): boolean =>
  event instanceof CloseEvent && (event.code === 4401 || event.code === 4403);

/** Ids are counted and not random, so that subscribers have the same ones and the server can write one frame for all of them. */
let operationCount = 0;

/**
 * The live connection: opened with the first subscription, closed with the last, reconnecting for ever.
 *
 * The protocol's keep-alive alone never notices a dead link, so an unanswered ping ends the socket here, and so does a
 * handshake that nobody answers, or the machine's word that it has no network.
 *
 * A connection the server refused for its token is made again with a new one. When there is none to be had, or the new
 * one is refused as well, the session is over: asking on would be refused for ever.
 *
 * @param network  says `offline` and `online`; the window in a browser
 */
export function openSocket(
  options: Authorization & { url: string; freshness: FreshnessStore; network: EventTarget },
): Client {
  const { freshness, network } = options;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  let handshakeTimer: ReturnType<typeof setTimeout> | undefined;
  let token: 'taken' | 'refused' | 'renewed' = 'taken';
  let sent = '';
  const client = createClient({
    url: options.url,
    lazy: true,
    keepAlive: pingMs,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: retryPause,
    generateID: () => String((operationCount += 1)),
    connectionParams: async () => {
      // A refused one would only be refused once more. A new one may be there already.
      if (token === 'refused' && options.current() === sent && !(await options.renew())) client.terminate();
      else if (token === 'refused') token = 'renewed';
      sent = options.current();
      return { authorization: sent };
    },
    on: {
      connecting: () => {
        clearTimeout(handshakeTimer);
        handshakeTimer = setTimeout(() => client.terminate(), handshakeMs);
      },
      connected: () => {
        clearTimeout(handshakeTimer);
        token = 'taken';
      },
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
        clearTimeout(handshakeTimer);
        clearTimeout(pongTimer);
        if (isRefusal(event)) {
          if (token === 'renewed') options.giveUp();
          token = 'refused';
        }
        freshness.send({ type: 'lost', at: Date.now() });
      },
    },
  });
  const onOffline = (): void => {
    freshness.send({ type: 'offline', at: Date.now() });
    client.terminate();
  };
  const onOnline = (): void => freshness.send({ type: 'online', at: Date.now() });
  network.addEventListener('offline', onOffline);
  network.addEventListener('online', onOnline);
  return {
    ...client,
    dispose: () => {
      network.removeEventListener('offline', onOffline);
      network.removeEventListener('online', onOnline);
      return client.dispose();
    },
  };
}
