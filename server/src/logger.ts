import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import pretty from 'pino-pretty';
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

/** How the log is written: as it was asked for, else words where a person looks on, and JSON where programs collect it. */
export function logFormatOf({ logFormat }: Pick<Env, 'logFormat'>, isTerminal: boolean): 'json' | 'words' {
  return logFormat ?? (isTerminal ? 'words' : 'json');
}

/**
 * The log of the process, without secrets, on standard output unless said otherwise: one JSON object a line, or words.
 *
 * Written before the call returns, so that the last line of a process that ends is there.
 */
export function createLogger(env: Pick<Env, 'logLevel' | 'logFormat'>, destination?: DestinationStream): Logger {
  const options = {
    level: env.logLevel,
    redact: { paths: REDACTED, censor: '[redacted]' },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const isWords = logFormatOf(env, destination === undefined && process.stdout.isTTY) === 'words';
  if (!isWords) return destination === undefined ? pino(options) : pino(options, destination);
  const words = {
    colorize: destination === undefined,
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss',
    sync: true,
  };
  return pino(options, pretty(destination === undefined ? words : { ...words, destination }));
}
