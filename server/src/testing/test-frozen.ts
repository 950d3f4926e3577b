import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { migrate } from '../db/migrate.js';
import { migrations } from '../db/migrations.js';
import { createEmptyDatabase, type TestDatabase } from '../db/test-database.js';
import { ISO_IN_UTC } from '../db/ledger-types.js';
import type { TokenClaims } from './test-app.js';

const FOLDER = new URL('./frozen/', import.meta.url);

/** A request and its answer, as they were when the database was frozen. */
export interface Exchange {
  readonly document: string;
  /** Who asks: the name of a caller, or `key` for the API key. */
  readonly as: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

export interface FrozenQuote {
  readonly account: string;
  readonly operation: string;
  readonly quantity: number;
  readonly token: string;
  readonly total: number;
  readonly lines: readonly { readonly unitCredits: number; readonly credits: number }[];
}

/** A database of an older version, with what it answered. Made by `npm run freeze`; see docs/upgrades.md. */
export interface Frozen {
  readonly bytes: number;
  /** Names of those that had run. */
  readonly migrations: readonly string[];
  /** Public ids by name. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly callers: Readonly<Record<string, TokenClaims>>;
  readonly apiKey: string;
  /** Tokens that callers had in their hands. */
  readonly quotes: readonly FrozenQuote[];
  readonly documents: Readonly<Record<string, string>>;
  readonly tables: readonly { readonly name: string; readonly rows: readonly unknown[] }[];
  readonly sequences: readonly { readonly name: string; readonly last: string | null }[];
  readonly exchanges: readonly Exchange[];
}

type Line = { readonly kind: 'head' | 'table' | 'sequence' | 'exchange' };

/** Numbers of the databases that were frozen, oldest first. */
export function listFrozen(): readonly number[] {
  return readdirSync(FOLDER)
    .flatMap((file) => /^(\d+)\.jsonl$/.exec(file)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export function readFrozen(number: number): Frozen {
  const text = readFileSync(new URL(`${number}.jsonl`, FOLDER), 'utf8');
  const lines = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  const of = <T>(kind: Line['kind']): T[] => lines.filter((line) => line.kind === kind) as T[];
  const [head] = of<Frozen>('head');
  if (!head) throw new Error(`frozen/${number}.jsonl has no head`);
  return {
    ...head,
    bytes: Buffer.byteLength(text),
    tables: of('table'),
    sequences: of('sequence'),
    exchanges: of('exchange'),
  };
}

/** As the database that it was, upgraded where it lies, and not as a copy, which begins a history of its own. */
const STAYS_ITSELF =
  'UPDATE history SET system_identifier = NULL, timeline = NULL, database_oid = NULL, written_in = pg_current_xact_id()';

/** Puts a frozen database back as it lay: with the migrations that had run by then and no later ones. */
export async function restoreFrozen(frozen: Frozen): Promise<TestDatabase> {
  const database = await createEmptyDatabase();
  const had = migrations.filter((migration) => frozen.migrations.includes(new migration().name ?? migration.name));
  await migrate(database.url, had);
  const client = new pg.Client({ connectionString: database.url, options: ISO_IN_UTC });
  await client.connect();
  try {
    await client.query('BEGIN');
    // As when a dump is restored: nothing of the tables' own rules runs.
    await client.query('SET LOCAL session_replication_role = replica');
    for (const { name, rows } of frozen.tables) {
      // A migration may have put a row there, as each server's first row of its place in the feed.
      await client.query(`DELETE FROM "${name}"`);
      await client.query(`INSERT INTO "${name}" SELECT * FROM json_populate_recordset(NULL::"${name}", $1)`, [
        JSON.stringify(rows),
      ]);
    }
    for (const { name, last } of frozen.sequences)
      await client.query('SELECT setval($1::regclass, coalesce($2::bigint, 1), $2::bigint IS NOT NULL)', [name, last]);
    await client.query(STAYS_ITSELF);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
  return database;
}
