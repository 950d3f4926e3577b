import type { DataSource } from 'typeorm';
import { migrations } from './db/migrations.js';
import { Readiness, type Right } from './db/readiness.js';
import type { ServerTurns } from './db/server-turns.js';
import type { Unwinding } from './kit/unwinding.js';
import { WRITER_SETTINGS } from './ledger/writer/lane-connection.js';
import { probeWrites } from './ledger/writer/probe-writes.js';

/** What the sandbox's payment provider writes. */
const SANDBOX = ['sandbox_call', 'sandbox_method', 'sandbox_order', 'sandbox_payment', 'sandbox_subscription'] as const;

/** What a batch of the ledger, which is tried, does not use: what is written beside it, and the feed, which it only adds to. */
const RIGHTS: readonly Right[] = [
  ['event', 'SELECT'],
  ['event_feed_seq', 'USAGE'],
  ['external_account', 'SELECT'],
  ['external_account', 'INSERT'],
  ['api_key', 'INSERT'],
  ['api_key', 'UPDATE'],
  ['history', 'SELECT'],
  ['history', 'INSERT'],
  ['server_secret', 'SELECT'],
  ['server_secret', 'INSERT'],
  ['price_list', 'INSERT'],
  ['price', 'INSERT'],
  ['price_publication', 'INSERT'],
  ['waiting_credits', 'SELECT'],
  ['closed_period', 'SELECT'],
  ...['payment_watch', 'mail', 'mail_address', 'mail_choice'].flatMap((table) =>
    (['SELECT', 'INSERT', 'UPDATE', 'DELETE'] as const).map((right): Right => [table, right]),
  ),
  ...['event_read', 'member_seen'].flatMap((table) =>
    (['SELECT', 'INSERT', 'UPDATE'] as const).map((right): Right => [table, right]),
  ),
  ['method_removal', 'SELECT'],
  ['method_removal', 'INSERT'],
  ['method_removal', 'DELETE'],
  ['mail_cursor', 'SELECT'],
  ['mail_cursor', 'UPDATE'],
  ...SANDBOX.flatMap((table): Right[] => [
    [table, 'SELECT'],
    [table, 'INSERT'],
    [table, 'UPDATE'],
  ]),
  ['sandbox_refund', 'SELECT'],
  ['sandbox_refund', 'INSERT'],
];

const ANSWER_MS_MAX = 2_000;

export interface OpenReadinessOptions {
  readonly databaseUrl: string;
  readonly dataSource: DataSource;
  readonly turns: ServerTurns;
  readonly unwinding: Unwinding;
  readonly report: (error: unknown, what?: string) => void;
}

/** Begins to look whether the database can serve this release. */
export function openReadiness({ databaseUrl, dataSource, turns, unwinding, report }: OpenReadinessOptions): Readiness {
  const readiness = new Readiness({
    connection: {
      databaseUrl,
      applicationName: 'credits readiness',
      settings: WRITER_SETTINGS,
      answerMs: ANSWER_MS_MAX,
      pipeline: true,
    },
    turns,
    dataSource,
    migrations: migrations.map(({ name }) => name),
    rights: RIGHTS,
    probe: probeWrites,
    onObstacle: (error, obstacle) => report(error, `not ready: ${obstacle}`),
  });
  readiness.start();
  unwinding.push(() => readiness.stop());
  return readiness;
}
