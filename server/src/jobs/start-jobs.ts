import type { Runner, Task } from 'graphile-worker';
import { openPool } from '../db/connect.js';
import { READER_SETTINGS } from '../db/session-settings.js';
import type { ServerTurns } from '../db/server-turns.js';

/** Connections of the jobs alone: one listens, one takes and ends jobs. */
export const JOB_CONNECTIONS = 2;
/** A process that lives shorter never begins: nothing waits for a job to be right. */
const BEGIN_AFTER_MS = 30_000;
const BEGIN_AGAIN_MS = 10_000;
const POLL_MS = 2_000;
const ABORT_MS = 2_000;
/** What is to be done, by name. Names lie in the database of other versions too and never change. */
const JOB_NAMES = ['payments', 'mails'] as const;
export type JobName = (typeof JOB_NAMES)[number];

type Job = (signal: AbortSignal | undefined) => Promise<unknown>;

export interface JobsOptions {
  /** Migrated, the jobs' schema too. */
  readonly databaseUrl: string;
  readonly turns: ServerTurns;
  /** Looks after payments: reads rows and does what is left to do. It may be done by several processes at once. */
  readonly payments: Job;
  /** Looks after mails in the same way. */
  readonly mails: Job;
  readonly onError: (error: unknown, what: string) => void;
  readonly beginAfterMs?: number;
}

export interface Jobs {
  /** Has payments or mails looked after soon, after what this process just committed. Never in a transaction of the ledger. */
  wake(name?: JobName): void;
  /** Lets what is under way end, some seconds at most. */
  stop(): Promise<void>;
}

/**
 * Runs jobs by graphile-worker: every minute one process looks after payments and one after mails, and soon when a process asks for it.
 *
 * A job says only that something may be to do; what that is stands in rows. So nothing is lost with a job, and one that a killed process has
 * taken with it holds up no other: each minute brings a new one. Begins some time after the start, or when it is first woken.
 */
export function startJobs(options: JobsOptions): Jobs {
  const jobs = new LazyJobs(options);
  return { wake: (name = 'payments') => jobs.wake(name), stop: () => jobs.stop() };
}

class LazyJobs {
  readonly #options: JobsOptions;
  #timer: NodeJS.Timeout | null;
  #beginning: Promise<void> | null = null;
  #runner: Runner | null = null;
  #ended: Promise<unknown> = Promise.resolve();
  #isStopped = false;
  readonly #toWake = new Set<JobName>();

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#timer = this.#beginIn(options.beginAfterMs ?? BEGIN_AFTER_MS);
  }

  wake(name: JobName): void {
    if (this.#isStopped || this.#toWake.has(name)) return;
    this.#toWake.add(name);
    this.#begin();
    void this.#add(name);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#beginning;
    await this.#runner?.stop().catch(() => {});
    await this.#ended;
  }

  #beginIn(waitMs: number): NodeJS.Timeout {
    return setTimeout(() => this.#begin(), waitMs).unref();
  }

  #begin(): void {
    if (this.#isStopped || this.#runner !== null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#beginning ??= this.#run()
      .catch((error: unknown) => {
        this.#options.onError(error, 'jobs');
        if (!this.#isStopped) this.#timer = this.#beginIn(BEGIN_AGAIN_MS);
      })
      .finally(() => {
        this.#beginning = null;
      });
  }

  async #run(): Promise<void> {
    const { databaseUrl, turns, onError } = this.#options;
    const { Logger, run } = await import('graphile-worker');
    const pool = openPool({
      databaseUrl,
      applicationName: 'credits jobs',
      settings: READER_SETTINGS,
      turns,
      max: JOB_CONNECTIONS,
    });
    const lost = (error: unknown): void => onError(error, 'job pool');
    // A connection that is lost while it is in use tells it itself, and would end the process if nobody listened.
    pool.on('error', lost).on('connect', (client) => client.on('error', lost));
    const runner = await run({
      pgPool: pool,
      concurrency: JOB_NAMES.length,
      pollInterval: POLL_MS,
      noHandleSignals: true,
      // Unless jobs are ended in batches, one whose end cannot be written rejects where nobody listens, which ends the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      gracefulShutdownAbortTimeout: ABORT_MS,
      crontab: JOB_NAMES.map((name) => `* * * * * ${name} ?max=1&jobKey=${name}&jobKeyMode=replace`).join('\n'),
      // What fails is told and done again within a minute: a job that has failed would only lie there.
      taskList: Object.fromEntries(
        JOB_NAMES.map((name): [JobName, Task] => [
          name,
          (_payload, { abortSignal }) =>
            this.#options[name](abortSignal).then(
              () => {},
              (error: unknown) => onError(error, name),
            ),
        ]),
      ),
      logger: new Logger(() => (level, message) => {
        if (level === 'error') onError(new Error(message), 'jobs');
      }),
    }).catch(async (error: unknown) => {
      await pool.end();
      throw error;
    });
    this.#runner = runner;
    this.#ended = runner.promise
      .catch((error: unknown) => onError(error, 'jobs'))
      .then(async () => {
        this.#runner = null;
        if (!this.#isStopped) this.#timer = this.#beginIn(BEGIN_AGAIN_MS);
        await pool.end().catch(lost);
      });
  }

  /** A transaction of its own: what it tells the others of holds up nobody's commit. */
  async #add(name: JobName): Promise<void> {
    try {
      await this.#beginning;
      this.#toWake.delete(name);
      await this.#runner?.addJob(name, {}, { jobKey: name, maxAttempts: 1 });
    } catch (error) {
      this.#options.onError(error, 'jobs');
    }
  }
}
