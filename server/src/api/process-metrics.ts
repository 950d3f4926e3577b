import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { LIMITS } from '../auth/rate-limits.js';
import type { Limit } from '../auth/rate-limits.js';
import { REFUSALS } from '../auth/refused-sign-in.js';
import type { Refusal } from '../auth/refused-sign-in.js';

/** What there is to look at whenever somebody asks; nothing is written for it meanwhile. */
export interface ProcessFigures {
  readonly lanes: readonly { readonly queued: number; readonly connected: boolean; readonly retries: number }[];
  /** By what they are for. */
  readonly pools: Readonly<Record<string, PoolFigures>>;
  readonly doorbell: { readonly connected: boolean; readonly reconnects: number };
  /** Resolves when the database has answered a statement that reads nothing. */
  readonly askDatabase: () => Promise<unknown>;
}

/** As `pg.Pool` has them. */
export interface PoolFigures {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

const ASK_MS_MAX = 2_000;
const LATENCY_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * What goes on inside this process, for Prometheus: queues, batches, connections, latencies, and what was refused.
 *
 * Labels are of the closed lists here. Histograms are observed once a batch or a turn of pushes, never once a request.
 * Source: docs/operations.md, Metrics
 */
export class ProcessMetrics {
  readonly #registry: Registry;
  readonly #batchCommands: Histogram;
  readonly #batchSeconds: Histogram;
  readonly #pushSeconds: Histogram;
  readonly #signInsRefused: Counter<'reason'>;
  readonly #limited: Counter<'limit'>;
  readonly #keySetFailures: Counter;
  readonly #failures: Counter;

  constructor(registry: Registry) {
    this.#registry = registry;
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
      new Counter({ name, help, labelNames, registers });
    const histogram = (name: string, help: string, buckets: number[]) =>
      new Histogram({ name, help, buckets, registers });
    const batchBuckets = [1, 2, 4, 8, 16, 32, 64, 128, 256];
    this.#batchCommands = histogram(
      'credits_ledger_batch_commands',
      'Commands in a batch of the ledger.',
      batchBuckets,
    );
    this.#batchSeconds = histogram(
      'credits_ledger_batch_seconds',
      'Time in which the database wrote a batch of the ledger, from its first statement to its commit.',
      LATENCY_BUCKETS,
    );
    this.#pushSeconds = histogram(
      'credits_push_lag_seconds',
      'Time from a change that this process hears of to the last of its pushes to live readers.',
      LATENCY_BUCKETS,
    );
    const refused = 'Credentials that were presented and refused, by what was wrong with them.';
    this.#signInsRefused = counter('credits_sign_ins_refused_total', refused, ['reason']);
    for (const reason of REFUSALS) this.#signInsRefused.inc({ reason }, 0);
    this.#limited = counter('credits_rate_limited_total', 'Requests that a limit refused, by the limit.', ['limit']);
    for (const limit of LIMITS) this.#limited.inc({ limit }, 0);
    this.#keySetFailures = counter(
      'credits_key_set_failures_total',
      'Times the keys of AUTH_JWKS_URL were not to be had.',
    );
    this.#failures = counter(
      'credits_background_failures_total',
      'What failed outside of any request; the log says what.',
    );
  }

  batchWritten(commands: number, milliseconds: number): void {
    this.#batchCommands.observe(commands);
    this.#batchSeconds.observe(milliseconds / 1000);
  }

  pushed(milliseconds: number): void {
    this.#pushSeconds.observe(milliseconds / 1000);
  }

  signInRefused(reason: Refusal): void {
    this.#signInsRefused.inc({ reason });
  }

  limited(limit: Limit): void {
    this.#limited.inc({ limit });
  }

  keySetFailed(): void {
    this.#keySetFailures.inc();
  }

  failed(): void {
    this.#failures.inc();
  }

  /** Tells these figures whenever it is asked. */
  watch({ lanes, pools, doorbell, askDatabase }: ProcessFigures): void {
    this.#gauge('credits_ledger_queued_commands', 'Commands that wait for a lane of the ledger.', 'lane', (set) =>
      lanes.forEach(({ queued }, lane) => set(String(lane), queued)),
    );
    this.#gauge('credits_ledger_lane_connected', 'Whether a lane of the ledger has its connection.', 'lane', (set) =>
      lanes.forEach(({ connected }, lane) => set(String(lane), connected ? 1 : 0)),
    );
    this.#total('credits_ledger_retries_total', 'Batches of the ledger that were tried again.', () =>
      lanes.reduce((sum, { retries }) => sum + retries, 0),
    );
    const names = Object.entries(pools);
    this.#gauge('credits_pool_connections', 'Open connections of a pool.', 'pool', (set) =>
      names.forEach(([pool, { totalCount }]) => set(pool, totalCount)),
    );
    this.#gauge('credits_pool_idle_connections', 'Connections of a pool that nobody uses.', 'pool', (set) =>
      names.forEach(([pool, { idleCount }]) => set(pool, idleCount)),
    );
    this.#gauge('credits_pool_waiting_requests', 'Requests that wait for a connection of a pool.', 'pool', (set) =>
      names.forEach(([pool, { waitingCount }]) => set(pool, waitingCount)),
    );
    this.#gauge('credits_doorbell_connected', 'Whether other processes are heard.', null, (set) =>
      set('', doorbell.connected ? 1 : 0),
    );
    this.#total(
      'credits_doorbell_reconnects_total',
      'Times other processes were heard again.',
      () => doorbell.reconnects,
    );
    this.#watchDatabase(askDatabase);
  }

  /** Asked once with each look, through a pool as requests do. */
  #watchDatabase(askDatabase: () => Promise<unknown>): void {
    let asking: Promise<{ isUp: boolean; milliseconds: number }> | null = null;
    const ask = async () => {
      const startedAt = performance.now();
      const isUp = await answersIn(askDatabase, ASK_MS_MAX);
      return { isUp, milliseconds: performance.now() - startedAt };
    };
    const askOnce = () =>
      (asking ??= ask().finally(() => {
        asking = null;
      }));
    this.#registry.registerMetric(
      new Gauge({
        name: 'credits_database_up',
        help: 'Whether the database answered just now.',
        registers: [],
        async collect() {
          this.set((await askOnce()).isUp ? 1 : 0);
        },
      }),
    );
    this.#registry.registerMetric(
      new Gauge({
        name: 'credits_database_ping_seconds',
        help: 'Time in which the database answered just now, with the wait for a connection; at most 2 s.',
        registers: [],
        async collect() {
          this.set((await askOnce()).milliseconds / 1000);
        },
      }),
    );
  }

  #gauge(
    name: string,
    help: string,
    label: string | null,
    read: (set: (value: string, figure: number) => void) => void,
  ): void {
    this.#registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: label === null ? [] : [label],
        registers: [],
        collect() {
          read((value, figure) => (label === null ? this.set(figure) : this.set({ [label]: value }, figure)));
        },
      }),
    );
  }

  /** A count that somebody else keeps. */
  #total(name: string, help: string, read: () => number): void {
    this.#registry.registerMetric(
      new Counter({
        name,
        help,
        registers: [],
        collect() {
          this.reset();
          this.inc(read());
        },
      }),
    );
  }
}

async function answersIn(ask: () => Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const asked = ask().then(
    () => true,
    () => false,
  );
  return Promise.race([asked, late]).finally(() => clearTimeout(timer));
}
