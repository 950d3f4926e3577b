import type { DataSource } from 'typeorm';
import type pg from 'pg';
import { openConnection, type OpenOptions } from './connect.js';
import { codeOf, isConnectionLost, SQLSTATE } from './database-errors.js';
import type { ServerTurns } from './server-turns.js';

/** How often a new connection is made to see where new connections lead. */
const LOOK_EVERY_MS = 2_500;
/** How old an answer may be that is given again: whoever asks more often learns nothing new. */
const FRESH_MS = 1_000;

/** The right to use a table or sequence in one way. */
export type Right = readonly [name: string, privilege: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'USAGE'];

export interface ReadinessOptions {
  /** How a connection like a writer's is made. */
  readonly connection: OpenOptions;
  readonly turns: ServerTurns;
  /** Its entities are what is read beside the ledger. */
  readonly dataSource: Pick<DataSource, 'entityMetadatas'>;
  /** Names of the migrations that this release relies on. */
  readonly migrations: readonly string[];
  /** What is done to the database beside the ledger's own statements. */
  readonly rights: readonly Right[];
  /** Does what a writer does. */
  readonly probe: (client: pg.Client) => Promise<void>;
  /** Told once why the database is not ready, and again when the reason changes. */
  readonly onObstacle: (error: unknown, obstacle: string) => void;
}

/** Something that the schema of the database lacks. */
class NotMigrated extends Error {
  override readonly name = 'NotMigrated';
}

class MissingRight extends Error {
  override readonly name = 'MissingRight';
  readonly code = SQLSTATE.rightMissing;
}

/**
 * Whether the database can serve this release: asked over a connection of its own, made anew each time like a writer's, so that it
 * leads where new connections lead.
 *
 * It also looks every few seconds where that is: connections that lead elsewhere are given up (`ServerTurns`).
 */
export class Readiness {
  readonly #options: ReadinessOptions;
  readonly #reads: string;
  #asking: Promise<string | null> | null = null;
  #answer: string | null = null;
  #answeredAt = -Infinity;
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(options: ReadinessOptions) {
    this.#options = options;
    this.#reads = options.dataSource.entityMetadatas
      .map(({ tablePath, columns }) => {
        const names = columns.map(({ databaseName }) => `"${databaseName}"`);
        return `SELECT ${names.join(', ')} FROM "${tablePath.replaceAll('.', '"."')}" WHERE false`;
      })
      .join(';\n');
  }

  /** Begins to look where new connections lead. */
  start(): void {
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.#look().finally(() => (this.#looking = null));
    }, LOOK_EVERY_MS);
    this.#timer.unref();
  }

  /**
   * What keeps the database from serving, in a word or two; null: nothing does.
   *
   * Any number of askers share one look, and an answer is given again for a second. Never rejects.
   */
  find(): Promise<string | null> {
    if (performance.now() - this.#answeredAt < FRESH_MS) return Promise.resolve(this.#answer);
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await Promise.all([this.#looking, this.#asking]);
  }

  async #look(): Promise<void> {
    try {
      const { client } = await this.#open();
      await client.end();
    } catch {
      // A failure is not reported here: whoever needs a connection meanwhile reports it.
    }
  }

  #open() {
    return openConnection({ ...this.#options.connection, turns: this.#options.turns });
  }

  async #ask(): Promise<string | null> {
    const before = this.#answer;
    try {
      const { client } = await this.#open();
      try {
        await this.#check(client);
      } finally {
        void client.end().catch(() => {});
      }
      this.#answer = null;
    } catch (error) {
      // Open connections still work.
      if (codeOf(error) !== SQLSTATE.tooManyConnections) this.#answer = obstacleOf(error);
      if (this.#answer !== null && this.#answer !== before) this.#options.onObstacle(error, this.#answer);
    }
    this.#answeredAt = performance.now();
    return this.#answer;
  }

  async #check(client: pg.Client): Promise<void> {
    const { migrations, rights, probe } = this.#options;
    const { rows } = await client.query<{ name: string }>('/* readiness.migrated */ SELECT name FROM migration');
    const ran = new Set(rows.map(({ name }) => name));
    const missing = migrations.filter((name) => !ran.has(name));
    if (missing.length > 0) throw new NotMigrated(`These migrations have not run: ${missing.join(', ')}`);
    await client.query(this.#reads);
    const { rows: refused } = await client.query<{ right: string; isThere: boolean }>(FIND_MISSING_RIGHTS, [
      rights.map(([name]) => name),
      rights.map(([, privilege]) => privilege),
    ]);
    const lacks = `It lacks ${refused.map(({ right }) => right).join(', ')}`;
    if (refused.some(({ isThere }) => !isThere)) throw new NotMigrated(lacks);
    if (refused.length > 0) throw new MissingRight(lacks);
    await probe(client);
  }
}

/** A right on some columns counts: which ones are needed, the statements themselves find out. */
const FIND_MISSING_RIGHTS = `/* readiness.rights */
  SELECT format('%s on %s', privilege, name) AS right, id IS NOT NULL AS "isThere"
  FROM (SELECT name, privilege, to_regclass(name)::oid AS id FROM unnest($1::text[], $2::text[]) AS r (name, privilege)) AS wanted
  WHERE NOT coalesce(CASE privilege WHEN 'USAGE' THEN has_sequence_privilege(id, privilege)
                                    WHEN 'DELETE' THEN has_table_privilege(id, privilege)
                                    ELSE has_any_column_privilege(id, privilege) END, false)`;

function obstacleOf(error: unknown): string {
  const code = codeOf(error);
  if (code === SQLSTATE.readOnly) return 'database read-only';
  if (code === SQLSTATE.rightMissing) return 'database right missing';
  // Undefined or changed tables, columns, functions.
  if (error instanceof NotMigrated || code.startsWith('42')) return 'database not migrated';
  if (/^53[124]/.test(code) || code === SQLSTATE.ioError) return 'database full';
  return isConnectionLost(error) ? 'database' : 'database refuses to write';
}
