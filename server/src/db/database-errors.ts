/*
 * The one list of database errors that pass: the ledger's writers, the API and the start all ask here.
 */

/** The database cannot be used as it is set up. The message is one sentence that says what to change. */
export class UnsuitableDatabase extends Error {
  override readonly name = 'UnsuitableDatabase';
}

const READ_ONLY = '25006';

/** The connection leads to a database that only reads: a standby, or a primary that was set read-only. */
export class ReadOnlyDatabase extends Error {
  override readonly name = 'ReadOnlyDatabase';
  readonly code = READ_ONLY;
}

/** The network between. */
const NETWORK =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN)$/;
/**
 * SQLSTATEs after which a connection is of no more use: connection exceptions, read-only (a failover left it behind), ended for being
 * idle in a transaction, a transaction too long, server stopping or starting, connection idle too long, too many connections.
 */
const CONNECTION_STATES = /^(08...|25006|25P0[34]|57P0[1-5]|53300)$/;
/** What node-postgres says without a code. */
const LOST_TEXT =
  /Connection terminated|Connection ended|not queryable|read timeout|timeout expired|timeout exceeded when trying to connect|connection timeout|Client has encountered a connection error/i;
/** SQLSTATEs of a database that cannot do it now: out of space, memory or slots, lets nobody in, gave a statement up, lock not had, I/O error. */
const BUSY_STATES = /^(53...|55000|55P03|57014|58030)$/;

/** The error's own `code`; '' when it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : '';
}

/** What an error says, in a line; a name with several addresses fails with one error for each. */
export function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(textOf).join(', ');
  return messageOf(error) || String(error);
}

/**
 * Whether a connection is gone, going, or leads where nothing can be written: what was sent over it may or may not have happened, and
 * the next attempt needs a new one.
 */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  return (
    error instanceof UnsuitableDatabase ||
    NETWORK.test(code) ||
    CONNECTION_STATES.test(code) ||
    LOST_TEXT.test(messageOf(error))
  );
}

/** Whether the database, asked again later, may answer: a lost connection, or one that is short of something. */
export function isDatabaseAway(error: unknown): boolean {
  return isConnectionLost(error) || BUSY_STATES.test(codeOf(error));
}
