/** Settings of a database session, by name; values as PostgreSQL takes them. */
export type SessionSettings = Readonly<Record<string, string>>;

/**
 * What every connection of ours runs with, whatever the database, its role or DATABASE_URL say: how values are written, and that each
 * statement sees what was committed before it (the ledger reads under the locks of the statement before).
 */
export const BASE_SETTINGS: SessionSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
  default_transaction_isolation: 'read committed',
};

/** For reads, entities and short transactions: a caller who waits longer than 5 s has been answered UNAVAILABLE. */
export const READER_SETTINGS: SessionSettings = {
  ...BASE_SETTINGS,
  statement_timeout: '5000',
  idle_in_transaction_session_timeout: '15000',
};

/** For migrations: a large table may take its time. */
export const MIGRATION_SETTINGS: SessionSettings = {
  ...BASE_SETTINGS,
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
};
