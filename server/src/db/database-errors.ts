/*
 * The one list of database errors that pass: the ledger's writers, the API, the keys' makers and the start all ask here.
 */

/** SQLSTATEs that others ask for by name. */
export const SQLSTATE = {
  /** The database only reads: a standby, or a primary that was set read-only. */
  readOnly: '25006',
  /** Somebody else has inserted this key already. */
  duplicateKey: '23505',
  /** Two transactions waited for each other, and this one was ended. */
  deadlock: '40P01',
  /** The role lacks a right. */
  rightMissing: '42501',
  /** Every connection slot is taken. */
  tooManyConnections: '53300',
  /** PostgreSQL could not read or write a file. */
  ioError: '58030',
} as const;

/**
 * What follows from a passing error:
 *
 * | kind     | a writer of the ledger                       | the API answers       |
 * | -------- | -------------------------------------------- | --------------------- |
 * | lost     | tries again over a new connection            | UNAVAILABLE           |
 * | outdated | tries again over a new connection            | INTERNAL_SERVER_ERROR |
 * | collided | tries again over the same connection         | INTERNAL_SERVER_ERROR |
 * | busy     | tries again over the same connection         | UNAVAILABLE           |
 * | refused  | runs the halves of the batch, then gives up  | UNAVAILABLE           |
 *
 * The API retries nothing: the caller does, under the same idempotency key. Collisions and outdated statements are internal errors there
 * because only those reach the log, and neither should happen: the order of locks forbids deadlocks, and the tables change only with the
 * release. The makers of keys (`auth/key-makers.ts`) try again later after all kinds but `outdated`. A start waits after what the API
 * calls UNAVAILABLE.
 */
type Passing = 'lost' | 'outdated' | 'collided' | 'busy' | 'refused';

/** By the error's code: of Node for the network, else the SQLSTATE. */
const PASSING: ReadonlyMap<string, Passing> = new Map([
  // Nobody listens at the port.
  ['ECONNREFUSED', 'lost'],
  // The other side, or something between, ended the connection.
  ['ECONNRESET', 'lost'],
  // This side's system ended the connection.
  ['ECONNABORTED', 'lost'],
  // Written to a connection that the other side has closed.
  ['EPIPE', 'lost'],
  // Nothing came back in time.
  ['ETIMEDOUT', 'lost'],
  // The name is not known.
  ['ENOTFOUND', 'lost'],
  // The name server does not answer at the moment.
  ['EAI_AGAIN', 'lost'],
  // No way leads to the machine, or it is down.
  ['EHOSTUNREACH', 'lost'],
  ['EHOSTDOWN', 'lost'],
  // No way leads to the network, or it is down.
  ['ENETUNREACH', 'lost'],
  ['ENETDOWN', 'lost'],
  // A fault of the connection, with no more said.
  ['08000', 'lost'],
  // The connection could not be made.
  ['08001', 'lost'],
  // A connection of this name is there already.
  ['08002', 'lost'],
  // There is no connection.
  ['08003', 'lost'],
  // The server refused the connection.
  ['08004', 'lost'],
  // The connection broke.
  ['08006', 'lost'],
  // The connection broke, and whether the transaction was committed is not known.
  ['08007', 'lost'],
  // A message was not understood; poolers say so too when their server is gone.
  ['08P01', 'lost'],
  // A failover left this connection at a server that only reads.
  [SQLSTATE.readOnly, 'lost'],
  // The session was ended: its transaction stood idle for too long.
  ['25P03', 'lost'],
  // The session was ended: its transaction took too long.
  ['25P04', 'lost'],
  // An administrator ends the session or the server.
  ['57P01', 'lost'],
  // The server ends since one of its processes crashed.
  ['57P02', 'lost'],
  // The server starts, recovers or stops.
  ['57P03', 'lost'],
  // The database was dropped.
  ['57P04', 'lost'],
  // The session was ended: it stood idle for too long.
  ['57P05', 'lost'],
  [SQLSTATE.tooManyConnections, 'lost'],
  // A table changed under a prepared statement, whose answer would have other columns.
  ['0A000', 'outdated'],
  // The session no longer has the prepared statement.
  ['26000', 'outdated'],
  // Another transaction changed what this one had read.
  ['40001', 'collided'],
  [SQLSTATE.deadlock, 'collided'],
  // Out of something, with no more said.
  ['53000', 'busy'],
  // The disk is full.
  ['53100', 'busy'],
  // A limit of the configuration is reached.
  ['53400', 'busy'],
  // A lock was not had in time.
  ['55P03', 'busy'],
  // The statement took too long, or somebody cancelled it.
  ['57014', 'busy'],
  [SQLSTATE.ioError, 'busy'],
  // Out of memory: perhaps the batch is too large.
  ['53200', 'refused'],
  // The database lets nobody in at the moment.
  ['55000', 'refused'],
]);

/** What node-postgres says without a code when a connection is lost or could not be had in time. */
const LOST_TEXT =
  /Connection terminated|Connection ended|not queryable|read timeout|timeout expired|timeout exceeded when trying to connect|connection timeout|Client has encountered a connection error/i;

/** The database cannot be used as it is set up. The message is one sentence that says what to change. */
export class UnsuitableDatabase extends Error {
  override readonly name = 'UnsuitableDatabase';
}

/** The connection leads to a database that only reads: a standby, or a primary that was set read-only. */
export class ReadOnlyDatabase extends Error {
  override readonly name = 'ReadOnlyDatabase';
  readonly code = SQLSTATE.readOnly;
}

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

function passingOf(error: unknown): Passing | undefined {
  if (error instanceof UnsuitableDatabase) return 'lost';
  return PASSING.get(codeOf(error)) ?? (LOST_TEXT.test(messageOf(error)) ? 'lost' : undefined);
}

/**
 * Whether a connection is gone, going, or leads where nothing can be written: what was sent over it may or may not have happened, and
 * the next attempt needs a new one.
 */
export function isConnectionLost(error: unknown): boolean {
  return passingOf(error) === 'lost';
}

/** Whether a connection's prepared statements are of no more use: a new connection prepares them anew. */
export function isOutdated(error: unknown): boolean {
  return passingOf(error) === 'outdated';
}

/** Whether two transactions were in each other's way: the same, tried again, succeeds. */
export function isCollision(error: unknown): boolean {
  return passingOf(error) === 'collided';
}

/** Whether the same, tried again over the same connection, may succeed. */
export function isForAnotherTry(error: unknown): boolean {
  const passing = passingOf(error);
  return passing === 'collided' || passing === 'busy';
}

/** Whether the database, asked again later, may answer: a lost connection, or one that is short of something. */
export function isDatabaseAway(error: unknown): boolean {
  const passing = passingOf(error);
  return passing === 'lost' || passing === 'busy' || passing === 'refused';
}
