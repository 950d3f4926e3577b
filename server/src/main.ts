import { HttpListener } from './api/http-listener.js';
import type { App } from './app.js';
import { UnsuitableDatabase } from './db/database-errors.js';
import { EmbeddedPostgresError } from './postgres/embedded-postgres-error.js';
import type { Logger } from 'pino';
import { EnvError, readEnv } from './env.js';

const SHUTDOWN_MS_MAX = 10_000;
const AGAIN_MS_MIN = 1_000;

let isServing = false;
let isFailing = false;

/** Where a log is collected, from when the program is loaded on; else a terminal is told. */
let logger: Logger | null = null;

/** Tells a person at a terminal in a plain line, and whoever collects the log in a line like every other. */
function say(message: string): void {
  if (logger === null) process.stdout.write(`${message}\n`);
  else logger.info(message);
}

let listener: HttpListener | null = null;

/** Ends the process with one line for a person: what is wrong, without a stack where the words suffice. */
function fail(error: unknown): void {
  if (isFailing) return;
  isFailing = true;
  const isPlain =
    error instanceof EnvError || error instanceof EmbeddedPostgresError || error instanceof UnsuitableDatabase;
  const text = error instanceof Error ? (isPlain ? error.message : describe(error)) : String(error);
  if (logger === null || !logger.isLevelEnabled('fatal')) process.stderr.write(`${text}\n`);
  else logger.fatal(text);
  if (isServing || listener === null) process.exit(1);
  // Requests that wait for this start are answered with "come back later".
  listener.abandon().then(
    () => process.exit(1),
    () => process.exit(1),
  );
}

function describe(error: Error & { code?: unknown; port?: unknown }): string {
  if (error.code === 'EADDRINUSE')
    return `Port ${String(error.port)} is in use: stop what listens there, or choose another with PORT.`;
  const cause = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
  return isServing
    ? `The server has to stop: ${cause.stack ?? cause.message}`
    : `The server could not start: ${cause.message}`;
}

process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);

const env = readEnv(process.env);
const starting = start();

let stoppingSince: number | null = null;
const stop = (signal: NodeJS.Signals): void => {
  if (stoppingSince !== null) {
    // A second Ctrl-C means now; one that comes at once is the same, which npm passes on. A terminal that closes adds SIGHUP.
    if (signal !== 'SIGHUP' && performance.now() - stoppingSince > AGAIN_MS_MIN) process.exit(1);
    return;
  }
  stoppingSince = performance.now();
  say(`${signal}: closing`);
  if (!isServing) {
    // When a start is ended, it has to answer the requests that wait for it and to stop the embedded database if it started one.
    const answered = listener?.abandon();
    if (env.databaseUrl !== null) return void Promise.resolve(answered).then(() => process.exit(0), fail);
  }
  setTimeout(() => process.exit(1), env.drainDelayMs + SHUTDOWN_MS_MAX).unref();
  starting.then((app) => app.close()).then(() => process.exit(0), fail);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);

async function start(): Promise<App> {
  const onLate = (): void => say('The start takes longer than 10 seconds: the port is closed until it is over.');
  // Before anything else is loaded: clients that come back after a restart find an open port, and wait.
  listener = new HttpListener(new Set(env.allowedOrigins), { onLate });
  await listener.listen(env.port, env.host);
  const [{ createApp }, { createLogger, logFormatOf }] = await Promise.all([import('./app.js'), import('./logger.js')]);
  const log = createLogger(env);
  if (logFormatOf(env, process.stdout.isTTY) === 'json') logger = log;
  return createApp(env, { logger: log, say, listener });
}

async function serve(): Promise<void> {
  const app = await starting;
  // If the process was told to stop meanwhile, it does not begin to listen.
  if (stoppingSince !== null) return;
  const url = await app.listen().catch(async (error: unknown) => {
    await app.close();
    throw error;
  });
  isServing = true;
  say(`AIBC Credits is at ${env.publicUrl ?? url}`);
  if (env.demo)
    say(
      `A demo, whose accounts are sandbox accounts: open it in two windows, ${url}/?as=pro, and watch the balance move.`,
    );
}
await serve();
