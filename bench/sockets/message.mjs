/** What every socket contender sends: the same subscription, the same fields, about 150 bytes a message. */
export const SUBSCRIPTION =
  'subscription Watch($accountId: ID!) { balanceChanged(accountId: $accountId) { available held used level version asOf } }';

export const balanceAt = (version) => ({
  available: 1_000_000_000 - version,
  held: 15,
  used: version,
  level: 'OK',
  version,
  asOf: '2026-01-01T00:00:00.000Z',
});

/** A `next` message as graphql-transport-ws writes it. */
export const nextMessage = (id, balance) =>
  JSON.stringify({ id, type: 'next', payload: { data: { balanceChanged: balance } } });

/** Publishes `rate` times a second for `seconds`; returns CPU seconds that this process used meanwhile. */
export async function publishFor({ publish, rate, seconds }) {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  let published = 0;
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      publish((published += 1));
      if (published < rate * seconds) return;
      clearInterval(timer);
      // Waits a moment: what is still queued in the sockets is written meanwhile, and its CPU time counts too.
      setTimeout(resolve, 300);
    }, 1000 / rate);
  });
  const used = process.cpuUsage(cpu);
  return {
    published,
    cpuSeconds: (used.user + used.system) / 1e6,
    elapsedSeconds: (performance.now() - startedAt) / 1000,
  };
}

/** Heap and external bytes in use after a collection. The process runs with --expose-gc. */
export function memoryAfterCollection() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, rssBytes: rss };
}
