import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import type { Env } from './env.js';

/** What must never be in a log, wherever it turns up. */
const SECRETS = [
  'authorization',
  'cookie',
  'connectionParams',
  'token',
  'secret',
  'password',
  'idempotencyKey',
  'databaseUrl',
  'connectionString',
];
const REDACTED = ['req.headers', ...SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])];

/** The log of the process: JSON lines, on standard output unless said otherwise, without secrets. */
export function createLogger(env: Pick<Env, 'logLevel'>, destination?: DestinationStream): Logger {
  const options = { level: env.logLevel, redact: { paths: REDACTED, censor: '[redacted]' } };
  return destination === undefined ? pino(options) : pino(options, destination);
}
