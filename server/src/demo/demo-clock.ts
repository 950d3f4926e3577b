import type { DataSource } from 'typeorm';
import type { DemoAccounts } from '../auth/demo-session.js';
import { repeat, type Repeated } from '../jobs/repeat.js';
import { SYSTEM } from '../ledger/core/system.js';
import type { Ledger } from '../ledger/core/ledger.js';

export interface DemoClockOptions {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly dataSource: Pick<DataSource, 'query'>;
  readonly accounts: DemoAccounts;
  readonly onError: (error: unknown, what: string) => void;
  /** How far the clocks may lag behind the wall clock. */
  readonly everyMs?: number;
}

const EVERY_MS = 2_000;
const SOONEST_MS = 50;
/** Below the 24 months that one command may move a clock. */
const LEAP_MS_MAX = 600 * 86_400_000;

const READ_CLOCKS = `/* demo.read_clocks */
  SELECT account_id AS "accountId", (extract(epoch FROM clock_at) * 1000)::float8 AS "clockAt",
         (extract(epoch FROM due_at) * 1000)::float8 AS "dueAt", floor(extract(epoch FROM now()) * 1000)::float8 AS now
    FROM ledger_account WHERE account_id = ANY ($1::uuid[])`;

interface ClockRow {
  readonly accountId: string;
  readonly clockAt: number;
  readonly dueAt: number;
  readonly now: number;
}

/**
 * Keeps the demo's clocks at the wall clock, so that its traffic carries believable times and its holds end on time.
 *
 * A clock that somebody moved ahead is left alone until the wall clock has caught up. After a long pause the accounts
 * live through what they missed, resets included. A move on which nothing ends takes no version. Any number of processes
 * may do this at once.
 * Source: docs/domain.md, Test clocks
 */
export function startDemoClock(options: DemoClockOptions): Repeated {
  return repeat({
    round: () => keepTime(options),
    onError: (error) => options.onError(error, 'demo clock'),
    retryAfterMs: options.everyMs ?? EVERY_MS,
  });
}

/** Moves the clocks that are behind; returns how long the next round may wait, in ms. */
export async function keepTime({
  ledger,
  dataSource,
  accounts,
  everyMs = EVERY_MS,
}: DemoClockOptions): Promise<number> {
  const rows: ClockRow[] = await dataSource.query(READ_CLOCKS, [Object.values(accounts)]);
  let waitMs = everyMs;
  await Promise.all(
    rows.map(async ({ accountId, clockAt, dueAt, now }) => {
      if (clockAt >= now) return;
      const to = Math.min(now, clockAt + LEAP_MS_MAX);
      const actor = { name: SYSTEM, member: SYSTEM, closesAny: true };
      // Refused when another process has moved the clock already.
      const outcome = await ledger.submit({ type: 'clock', accountId, actor, to });
      const next = outcome.kind === 'account' ? outcome.account.dueAt : dueAt;
      waitMs = Math.min(waitMs, Math.max(SOONEST_MS, to < now ? 0 : next - now));
    }),
  );
  return waitMs;
}
