import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { claimExternalId } from '../accounts/claim-external-id.js';
import type { DemoAccounts } from '../auth/demo-session.js';
import { nextUuid } from '../kit/next-uuid.js';
import type { Command } from '../ledger/core/commands.js';
import { inputFromText } from '../ledger/core/kept-text.js';
import { type Ledger, LedgerUnavailable } from '../ledger/core/ledger.js';
import { DEMO_CAST } from './cast.js';
import type { DemoCharacter } from './character.js';
import { listMonthCommands } from './month-commands.js';
import { frameMonth, MONTH_MS, scheduleMonth } from './schedule-month.js';

export interface SeedDemoOptions {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly dataSource: DataSource;
  /** The day of the demo, epoch ms, if its accounts are not there yet. */
  readonly now: number;
}

/** Any number that nothing else on the database locks. */
const SEED_LOCK = 7_301_003;
const LOCK_EVERY_MS = 100;
/** Commands of one account at a time; they are decided in the order in which they are submitted. */
const CHUNK = 200;
const UNAVAILABLE_TRIES_MAX = 20;
/** Plans that were made while these tables were empty are made anew. */
const ANALYZE = 'ANALYZE account, ledger_account, credit_grant, reservation, journal, event, usage_day';

/**
 * Makes the demo's three sandbox accounts with a month of history, or finds them: every start, and every process, gets
 * the same. The history is written by the ledger, like any other.
 *
 * Done once: a seeding that was cut off is completed by the next. One process at a time seeds; the others wait.
 *
 * @returns their uuids
 * @throws LedgerUnavailable when the database stays away
 */
export async function seedDemo(options: SeedDemoOptions): Promise<DemoAccounts> {
  return underLock(options.dataSource, async () => {
    // The lock is kept until the last of them has ended, however it ended.
    const ended = await Promise.allSettled(DEMO_CAST.map((character) => seedCharacter(character, options)));
    const seeded = ended.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
    if (seeded.some(({ wrote }) => wrote)) await options.dataSource.query(ANALYZE);
    return Object.fromEntries(seeded.map(({ role, accountId }) => [role, accountId])) as unknown as DemoAccounts;
  });
}

interface Seeded {
  readonly role: DemoCharacter['role'];
  readonly accountId: string;
  readonly wrote: boolean;
}

async function seedCharacter(character: DemoCharacter, { ledger, dataSource, now }: SeedDemoOptions): Promise<Seeded> {
  const { role, externalId, name, plan, timeZone } = character;
  const found = await findSeeded(dataSource, externalId);
  const start = found === null ? now - MONTH_MS : found.createdAt;
  if (found !== null && (start === null || found.clockAt >= start + MONTH_MS))
    return { role, accountId: found.accountId, wrote: false };

  const { anchor } = frameMonth(character, start as number);
  const asked = { name, plan, timeZone, billingAnchor: anchor, sandbox: true, now: start };
  const claim = {
    externalId,
    sandbox: true,
    accountId: nextUuid(),
    input: JSON.stringify(asked),
    seesBothSides: false,
  };
  const accountId = found?.accountId ?? (await claimExternalId(dataSource, claim));
  if (accountId === null) throw new Error(`${externalId} was claimed while the demo was being seeded`);
  const actor = { name: 'operator:demo-operator', member: 'demo-operator', closesAny: true };
  await tell(ledger, [{ type: 'create', accountId, actor, externalId, ...asked }]);
  const commands = listMonthCommands(character, accountId, scheduleMonth(character, start as number));
  for (let from = 0; from < commands.length; from += CHUNK) await tell(ledger, commands.slice(from, from + CHUNK));
  return { role, accountId, wrote: true };
}

interface FoundAccount {
  readonly accountId: string;
  /** Where its clock began, from the input it was claimed with; null: it is not of this seed's making. */
  readonly createdAt: number | null;
  /** -Infinity: claimed, but not opened yet. */
  readonly clockAt: number;
}

async function findSeeded(dataSource: DataSource, externalId: string): Promise<FoundAccount | null> {
  const [row] = await dataSource.query<{ accountId: string; input: string; clockAt: number | null }[]>(
    `/* demo.find_seeded */
     SELECT e.account_id AS "accountId", e.input, (extract(epoch FROM a.clock_at) * 1000)::float8 AS "clockAt"
       FROM external_account e LEFT JOIN ledger_account a USING (account_id) WHERE e.external_id = $1 AND e.sandbox`,
    [externalId],
  );
  if (row === undefined) return null;
  const { now } = inputFromText(row.input) as { now?: number | null };
  return { accountId: row.accountId, createdAt: now ?? null, clockAt: row.clockAt ?? -Infinity };
}

/**
 * Submits commands of one account, in order, and again from the first while the ledger is busy: what was written is
 * answered from its key, and a clock that is further than that stays where it is.
 */
async function tell(ledger: Pick<Ledger, 'submit'>, commands: readonly Command[]): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const answers = await Promise.allSettled(commands.map((command) => ledger.submit(command)));
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed === undefined) return;
    if (!(failed.reason instanceof LedgerUnavailable) || tries >= UNAVAILABLE_TRIES_MAX) throw failed.reason;
    await sleep(LOCK_EVERY_MS * tries);
  }
}

async function underLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    // Asked again and again, since a statement may not wait as long as a seeding takes.
    while (!(await tryLock())) await sleep(LOCK_EVERY_MS);
    try {
      return await work();
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [SEED_LOCK]);
    }
  } finally {
    await runner.release();
  }

  async function tryLock(): Promise<boolean> {
    const [row] = (await runner.query('SELECT pg_try_advisory_lock($1) AS locked', [SEED_LOCK])) as {
      locked: boolean;
    }[];
    return row?.locked ?? false;
  }
}
