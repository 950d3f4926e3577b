import { MigrationExecutor, type MigrationInterface, type QueryRunner } from 'typeorm';

import { connect, inTurn, type MigrateOptions } from './migrate.js';

interface RevertOptions extends MigrateOptions {
  /** Also when rows are lost with their tables or columns. */
  readonly force?: boolean;
}

/**
 * Undoes the last migration that ran, in one transaction.
 *
 * @returns its name; null when none has run
 * @throws Error in one sentence, and nothing is undone: when a table or a column would go that rows are in, and `force` is not said;
 * when the migration is not one of those given
 */
export function revertLastMigration(
  url: string,
  migrations: (new () => MigrationInterface)[],
  { force = false, ...options }: RevertOptions = {},
): Promise<string | null> {
  return inTurn(url, options, async () => {
    const dataSource = await connect(url, migrations);
    const runner = dataSource.createQueryRunner();
    try {
      const executor = new MigrationExecutor(dataSource, runner);
      const [last] = await executor.getExecutedMigrations();
      if (!last) return null;
      const { name } = last;
      if (!migrations.some((migration) => migration.name === name))
        throw new Error(`${name} was not undone: this version of the program does not have it, a newer one ran it.`);
      await runner.startTransaction();
      const filled = await listColumns(runner, await listFilledTables(runner));
      await executor.undoLastMigration();
      const left = new Set(await listColumns(runner));
      const lost = filled.filter((column) => !left.has(column));
      if (lost.length > 0 && !force) throw new Error(sayLost(name, lost, left));
      await runner.commitTransaction();
      return name;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      throw error;
    } finally {
      await runner.release();
      await dataSource.destroy();
    }
  });
}

/** Tables that rows are in, but for the list of migrations itself. */
async function listFilledTables(runner: QueryRunner): Promise<string[]> {
  const tables = (await runner.query(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()
      AND table_type = 'BASE TABLE' AND table_name <> 'migration' ORDER BY 1`,
  )) as { name: string }[];
  const filled: string[] = [];
  for (const { name } of tables) {
    const [row] = (await runner.query(`SELECT EXISTS (SELECT FROM "${name}") AS has_rows`)) as { has_rows: boolean }[];
    if (row?.has_rows) filled.push(name);
  }
  return filled;
}

/** `table.column` of some tables, or of all. */
async function listColumns(runner: QueryRunner, tables: readonly string[] | null = null): Promise<string[]> {
  const rows = (await runner.query(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
      WHERE table_schema = current_schema() AND ($1::text[] IS NULL OR table_name = ANY($1::text[])) ORDER BY 1`,
    [tables],
  )) as { name: string }[];
  return rows.map(({ name }) => name);
}

function sayLost(migration: string, lost: readonly string[], left: ReadonlySet<string>): string {
  const tablesLeft = new Set([...left].map(tableOf));
  const tables = [...new Set(lost.map(tableOf).filter((table) => !tablesLeft.has(table)))];
  const columns = lost.filter((column) => tablesLeft.has(tableOf(column)));
  const what = [
    ...tables.map((table) => `the table ${table} with its rows`),
    ...columns.map((column) => `the column ${column} of a table with rows`),
  ];
  return `${migration} was not undone: it would drop ${what.join(', ')}. To lose them, add --force.`;
}

function tableOf(column: string): string {
  return column.slice(0, column.indexOf('.'));
}
