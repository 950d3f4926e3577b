import { pino } from 'pino';
import type { Logger } from 'pino';
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

/** The log of the process: JSON lines on standard output, without secrets. */
export function createLogger(env: Pick<Env, 'logLevel'>): Logger {
  return pino({ level: env.logLevel, redact: { paths: REDACTED, censor: '[redacted]' } });
}
