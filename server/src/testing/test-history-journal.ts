import type pg from 'pg';
import type { CreditType } from '../catalog/catalog.js';
import type { Command } from '../ledger/core/commands.js';
import { hasEntry, JOURNAL, keepsAnswer } from '../ledger/rows/journal-rows.js';
import type { Row } from '../ledger/wire/flight.js';
import type { History, Step } from './test-history.js';

/** What the journal has of one version. */
export interface JournalGroup {
  readonly version: number;
  readonly command: string;
  readonly at: number;
  readonly reservationId: string | null;
  readonly actor: string;
  /** The grant of its first GRANT entry. */
  readonly granted: string | null;
  /** The grant of an EXPIRE entry. */
  readonly expired: string | null;
  /** The grant of a notice that its credits will end. */
  readonly announced: string | null;
  /** Its balance events, as `STANDARD BALANCE_LOW LOW 20`. */
  readonly told: readonly string[];
  /** Its events of purchases, as `PURCHASE_PAID <purchase>`. */
  readonly tells: readonly string[];
  readonly key: string | null;
  readonly input: string | null;
  readonly availableAfter: Map<CreditType, number>;
  readonly heldAfter: Map<CreditType, number>;
}

/** An answer that is kept for its key, a refusal too. */
interface KeptAnswer {
  readonly input: string;
  readonly version: number | null;
  readonly reservationId: string | null;
}

/** The journal of one account: its groups in the order of versions, and every answer that decided something, by its key. */
export interface Journal {
  readonly groups: readonly JournalGroup[];
  readonly kept: ReadonlyMap<string, KeptAnswer>;
}

type Keyed = Extract<Command, { keyed: unknown }>;

/** The key of a command as it stands in `kept` and in a group. */
export const keyOf = (command: Keyed): string => `${command.keyed.scope} ${command.keyed.key}`;
/** The input of a command as the journal has it. */
export const inputOf = (command: Keyed): string => JSON.stringify(command.keyed.input);
export const isKeyed = (command: Command): command is Keyed => 'keyed' in command;

/**
 * Who sent what a group decided. What a provider tells has no key: those who tell it have a name each, and what they brought has their ids.
 */
export function stepOf({ steps }: History, group: JournalGroup): Step | undefined {
  return steps.find(({ command }) =>
    isKeyed(command)
      ? keyOf(command) === group.key && inputOf(command) === group.input
      : group.key === null &&
        ((command.actor.name === group.actor && group.actor.startsWith('provider:')) ||
          (command.type === 'settle-purchase' && command.grantId === group.granted)),
  );
}

/** Reads the journal of an account as it is in the database. */
export async function loadJournal(pool: pg.Pool, accountId: string): Promise<Journal> {
  const groups: JournalGroup[] = [];
  const kept = new Map<string, KeptAnswer>();
  const { rows } = await pool.query<Row>(
    `SELECT ${JOURNAL.select('j')} FROM journal j WHERE j.account_id = $1 ORDER BY j.version, j.ordinal`,
    [accountId],
  );
  const told = await loadTold(pool, accountId);
  const announced = await loadAnnounced(pool, accountId);
  const tells = await loadTells(pool, accountId);
  for (const row of JOURNAL.read(rows)) {
    const { version, reservationId } = row;
    if (keepsAnswer(row)) kept.set(`${row.scope} ${row.key}`, { input: row.input, version, reservationId });
    if (version === null) continue;
    let group = groups.at(-1);
    if (group?.version !== version) {
      group = {
        version,
        command: row.cause,
        at: row.at,
        reservationId,
        actor: row.actor,
        granted: null,
        expired: null,
        announced: announced.get(version) ?? null,
        told: told.get(version) ?? [],
        tells: tells.get(version) ?? [],
        key: keepsAnswer(row) ? `${row.scope} ${row.key}` : null,
        input: row.input,
        availableAfter: new Map(),
        heldAfter: new Map(),
      };
      groups.push(group);
    }
    if (!hasEntry(row)) continue;
    if (row.kind === 'EXPIRE') Object.assign(group, { expired: row.grantId });
    if (row.kind === 'GRANT' && group.granted === null) Object.assign(group, { granted: row.grantId });
    group.availableAfter.set(row.creditType, row.availableAfter);
    group.heldAfter.set(row.creditType, row.heldAfter);
  }
  return { groups, kept };
}

async function loadTold(pool: pg.Pool, accountId: string): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await pool.query<{ version: number; told: string[] }>(
    `SELECT version, array_agg(credit_type || ' ' || type || ' ' || (facts::json ->> 'level') || ' ' || (facts::json ->> 'threshold') ORDER BY ordinal) AS told
      FROM event WHERE account_id = $1 AND facts::json ->> 'level' IS NOT NULL GROUP BY version`,
    [accountId],
  );
  return new Map(rows.map(({ version, told }) => [version, told]));
}

async function loadAnnounced(pool: pg.Pool, accountId: string): Promise<ReadonlyMap<number, string>> {
  const { rows } = await pool.query<{ version: number; id: string }>(
    `SELECT version, facts::json ->> 'grantId' AS id FROM event WHERE account_id = $1 AND type = 'GRANT_EXPIRING'`,
    [accountId],
  );
  return new Map(rows.map(({ version, id }) => [version, id]));
}

async function loadTells(pool: pg.Pool, accountId: string): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await pool.query<{ version: number; tells: string[] }>(
    `SELECT version, array_agg(type || ' ' || (facts::json ->> 'purchaseId') ORDER BY ordinal) AS tells
      FROM event WHERE account_id = $1 AND type LIKE 'PURCHASE_%' GROUP BY version`,
    [accountId],
  );
  return new Map(rows.map(({ version, tells }) => [version, tells]));
}
