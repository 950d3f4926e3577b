import { createApp } from './app.js';
import { EmbeddedPostgresError } from './db/embedded-postgres-error.js';
import { EnvError, readEnv } from './env.js';

const SHUTDOWN_MS_MAX = 20_000;

let isServing = false;

const say = (message: string): void => void process.stdout.write(`${message}\n`);

/** Ends the process with one line for a person: what is wrong, without a stack where the words suffice. */
function fail(error: unknown): never {
  const isPlain = error instanceof EnvError || error instanceof EmbeddedPostgresError;
  const text = error instanceof Error ? (isPlain ? error.message : describe(error)) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
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
const app = await createApp(env, { say });
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

let isStopping = false;
const stop = (signal: NodeJS.Signals): void => {
  // A second signal means now.
  if (isStopping) process.exit(1);
  isStopping = true;
  say(`${signal}: closing`);
  setTimeout(() => process.exit(1), SHUTDOWN_MS_MAX).unref();
  app.close().then(() => process.exit(0), fail);
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);
