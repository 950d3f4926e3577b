import pg from 'pg';
import { parse } from 'pg-connection-string';
import { processIdOf } from './beneath-pg.js';
import { isDatabaseAway, ReadOnlyDatabase, UnsuitableDatabase } from './database-errors.js';
import { dropOnTurn, type ServerTurns } from './server-turns.js';
import type { SessionSettings } from './session-settings.js';
import { parseStartupOptions } from './startup-options.js';

const CONNECT_MS_MAX = 5_000;
/** How long a new connection may take to answer what it is asked before it is used. */
const CHECK_MS_MAX = 5_000;

/** What a new connection says about where it leads. */
export interface ConnectionFacts {
  /** The server process behind it. */
  readonly backendPid: number;
  /** Whether a pooler stands between: then the server process is another than the one that the driver was told of. */
  readonly isPooled: boolean;
  /** When the server was started, which tells one server from another. */
  readonly server: string;
}

/** How a connection is made, and what its session is to run with beside the settings of our own. */
export interface ConnectionConfig extends pg.ClientConfig {
  readonly session?: SessionSettings;
}

/**
 * How our connections reach the database: where DATABASE_URL leads, with what its `options` ask for and, if given, its
 * `application_name`. What else a connection string may say (timeouts, encodings) is left out: our statements rely on our own.
 *
 * Settings in `options` become `session`, to be sent as statements with ours: poolers refuse or drop start parameters.
 *
 * @param applicationName  shown by the database beside the connection
 */
export function connectionConfig(databaseUrl: string, applicationName: string): ConnectionConfig {
  const { user, password, host, port, database, ssl, sslnegotiation, options, application_name } = parse(databaseUrl);
  const { settings, rest } = parseStartupOptions(options);
  return {
    user,
    password,
    host: host ?? undefined,
    port: port ? Number(port) : undefined,
    database: database ?? undefined,
    ssl: ssl as pg.ClientConfig['ssl'],
    ...(sslnegotiation === undefined ? {} : { sslnegotiation }),
    options: rest,
    session: settings,
    application_name: application_name ?? applicationName,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    keepAlive: true,
  };
}

/** What a session runs with: what its connection string asks for, unless ours name it too. */
export function sessionOf({ session = {} }: ConnectionConfig, ours: SessionSettings): SessionSettings {
  const names = new Set(Object.keys(ours).map((name) => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(session).filter(([name]) => !names.has(name.toLowerCase()))), ...ours };
}

/** What to do about a pooler that hands a session's statements to several servers. */
export const POOLER_ADVICE =
  'set the pooler in front of PostgreSQL to session mode (PgBouncer: pool_mode = session), or let DATABASE_URL lead to PostgreSQL itself.';

const SEND_SETTINGS = `/* connection.settings */
  SELECT name, set_config(name, value, false) AS value FROM unnest($1::text[], $2::text[]) AS sent (name, value)`;

/** In a statement of its own: if a pooler changes servers between statements, this one is answered by a server without the settings. */
const READ_BACK = `/* connection.check */
  SELECT pg_backend_pid() AS "backendPid", pg_postmaster_start_time()::text AS server, pg_is_in_recovery() AS "isStandby",
         current_setting('transaction_read_only') = 'on' AS "isReadOnly", current_setting('server_encoding') AS encoding,
         (SELECT array_agg(current_setting(name) ORDER BY place) FROM unnest($1::text[]) WITH ORDINALITY AS sent (name, place)) AS found`;

interface ReadBack {
  readonly backendPid: number;
  readonly server: string;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly encoding: string;
  readonly found: readonly string[];
}

/**
 * Makes a connection that was just opened fit for use; every connection of the server comes by here once, before its first statement.
 *
 * Sends the settings and reads them back; makes sure that the database stores UTF-8 and, unless told otherwise, that it can be written to.
 * Settings are sent as statements and not as start parameters, which poolers refuse or drop. A session that a pooler hands on is cleared
 * first: what somebody else has prepared in it may have the names of our statements, and not every pooler clears it.
 *
 * @param settings  what its statements rely on
 * @param mayBeReadOnly  whether a standby will do
 * @throws UnsuitableDatabase in one sentence that says what to do; ReadOnlyDatabase (25006); whatever the connection raises
 */
export async function prepareConnection(
  client: pg.ClientBase,
  settings: SessionSettings,
  { mayBeReadOnly = false }: { readonly mayBeReadOnly?: boolean } = {},
): Promise<ConnectionFacts> {
  const facts = await sendAndReadBack(client, settings, mayBeReadOnly);
  if (!facts.isPooled) return facts;
  await ask(client, 'DISCARD ALL');
  return sendAndReadBack(client, settings, mayBeReadOnly);
}

async function sendAndReadBack(
  client: pg.ClientBase,
  settings: SessionSettings,
  mayBeReadOnly: boolean,
): Promise<ConnectionFacts> {
  const names = Object.keys(settings);
  const sent = await sendSettings(client, names, Object.values(settings));
  const [row] = await ask<ReadBack>(client, READ_BACK, [names]);
  if (row === undefined) throw new Error('The database did not answer what it is');
  if (row.encoding !== 'UTF8') {
    throw new UnsuitableDatabase(
      `The database stores ${row.encoding}, not UTF-8: create one with ENCODING 'UTF8' and name it in DATABASE_URL.`,
    );
  }
  const lost = names.find((_name, index) => row.found[index] !== sent[index]);
  if (lost !== undefined) {
    throw new UnsuitableDatabase(
      `The database connection lost its setting ${lost} (${sent[names.indexOf(lost)]} was sent, ${row.found[names.indexOf(lost)]} found): ${POOLER_ADVICE}`,
    );
  }
  if (!mayBeReadOnly && (row.isStandby || row.isReadOnly)) {
    throw new ReadOnlyDatabase(
      row.isStandby
        ? 'DATABASE_URL leads to a standby, which only reads.'
        : 'The database is set read-only (default_transaction_read_only).',
    );
  }
  // Where the driver does not say, we assume a pooler: that costs one more query and changes nothing else.
  const isPooled = processIdOf(client) !== row.backendPid;
  return { backendPid: row.backendPid, isPooled, server: row.server };
}

/** @returns the values as the database writes them, in the order of the names */
async function sendSettings(
  client: pg.ClientBase,
  names: readonly string[],
  values: readonly string[],
): Promise<readonly string[]> {
  try {
    const rows = await ask<{ name: string; value: string }>(client, SEND_SETTINGS, [names, values]);
    return names.map((name) => rows.find((row) => row.name === name)?.value ?? '');
  } catch (error) {
    if (isDatabaseAway(error) || !(error instanceof pg.DatabaseError)) throw error;
    throw new UnsuitableDatabase(
      `The database refuses a setting that the server relies on (${error.message}): use PostgreSQL 15 or later.`,
      { cause: error },
    );
  }
}

async function ask<Row extends object>(client: pg.ClientBase, text: string, values?: unknown[]): Promise<Row[]> {
  const query: pg.QueryConfig & { readonly query_timeout: number } = { text, query_timeout: CHECK_MS_MAX };
  if (values !== undefined) query.values = values;
  return (await client.query<Row>(query)).rows;
}

export interface OpenOptions {
  readonly databaseUrl: string;
  /** Shown by the database beside the connection. */
  readonly applicationName: string;
  readonly settings: SessionSettings;
  /** How long the database may be silent over a statement; for ever by default. */
  readonly answerMs?: number;
  /** How values are read; as node-postgres does by default. */
  readonly types?: pg.CustomTypesConfig;
  /** Whether statements are sent without waiting for the answers of those before. */
  readonly pipeline?: boolean;
  readonly mayBeReadOnly?: boolean;
  /** Called for each new connection with the server that it leads to. */
  readonly turns?: ServerTurns | undefined;
}

export interface OpenedConnection {
  readonly client: pg.Client;
  readonly facts: ConnectionFacts;
}

/**
 * Opens one connection, prepared.
 *
 * @throws what `prepareConnection` throws
 */
export async function openConnection(options: OpenOptions): Promise<OpenedConnection> {
  const config = toConfig(options);
  const client = new pg.Client(config);
  // A broken connection also rejects the statement under way, which is where it is handled. Without this listener the process would end.
  client.on('error', () => {});
  try {
    await client.connect();
    const facts = await prepareConnection(client, sessionOf(config, options.settings), options);
    options.turns?.seen(client, facts);
    return { client, facts };
  } catch (error) {
    void client.end().catch(() => {});
    throw error;
  }
}

export interface PoolOptions extends OpenOptions {
  /** Connections at most. */
  readonly max: number;
}

/** How a pool makes its connections, each prepared before its first use; for `pg.Pool` and TypeORM alike. */
export function poolConfig(options: PoolOptions): pg.PoolConfig {
  const config = toConfig(options);
  const settings = sessionOf(config, options.settings);
  const prepare = async (client: pg.ClientBase): Promise<void> => {
    const facts = await prepareConnection(client, settings, options);
    options.turns?.seen(client, facts);
  };
  return {
    ...config,
    max: options.max,
    // The pool waits for what it returns, and gives the connection up if that rejects.
    onConnect: (client) => prepare(client) as unknown as void,
  };
}

/** A pool of prepared connections, made when they are needed and given up on each turn; give it an `error` listener. */
export function openPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool(poolConfig(options));
  if (options.turns !== undefined) dropOnTurn(pool, options.turns);
  return pool;
}

function toConfig({ databaseUrl, applicationName, answerMs, types, pipeline }: OpenOptions): ConnectionConfig {
  return {
    ...connectionConfig(databaseUrl, applicationName),
    ...(answerMs === undefined ? {} : { query_timeout: answerMs }),
    ...(types === undefined ? {} : { types }),
    ...(pipeline === undefined ? {} : { pipeline }),
  };
}
