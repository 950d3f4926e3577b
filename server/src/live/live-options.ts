import type { ServerTurns } from '../db/server-turns.js';
import type pg from 'pg';
import type { AccountIdentity, Caller } from '../auth/caller.js';
import type { History } from '../db/history.js';
import type { Ledger } from '../ledger/core/ledger.js';
import type { AccountState } from '../ledger/core/state.js';

export interface LiveOptions {
  readonly ledger: Pick<Ledger, 'onCommitted'>;
  /** For reads. */
  readonly pool: Pick<pg.Pool, 'query'>;
  readonly history: History;
  /** Seals cursors; the same in every process. */
  readonly cursorSecret: Buffer;
  /** A direct connection string, for the doorbell's own connection. */
  readonly databaseUrl: string;
  /** Who an account is, of those the caller sees; null: there is none. */
  readonly findAccount: (
    caller: Caller | null,
    accountId: string,
  ) => AccountIdentity | null | Promise<AccountIdentity | null>;
  /** An account as it is now, what is due closed first. */
  readonly readAccount: (accountId: string) => Promise<AccountState>;
  /** Told when the database cannot be asked; everything goes on by itself. */
  readonly onError: (error: unknown) => void;
  /** Told when other processes are heard: at the start, and each time that they are heard again. */
  readonly onHeard?: (reconnects: number) => void;
  /** Told how long a change took from here to the last of its readers. */
  readonly onPushed?: (milliseconds: number) => void;
  readonly lookMs?: number;
  /** Tells when the database is another server than before. */
  readonly turns?: ServerTurns;
}

export interface EventsWanted {
  readonly accountId: string | null;
  readonly types: readonly string[] | null;
  readonly after: string | null;
}
