import type { DataSource } from 'typeorm';
import { actorOf, type Caller, personOf } from '../auth/caller.js';
import type { EventPlace } from './event-store.js';

/** More than anybody counts: so many, or more. */
export const UNREAD_MAX = 1_000;

/** Whose reading it is: a member's, whichever key they use, or a service's or operator's own. */
function readerOf(caller: Caller): string {
  const person = personOf(caller);
  return person === null ? actorOf(caller) : `user:${person}`;
}

/** How many events of an account a caller has not marked as read, up to 1,000. */
export async function countUnread(dataSource: DataSource, caller: Caller, accountId: string): Promise<number> {
  const rows: { unread: number }[] = await dataSource.query(
    `/* live.unread */ SELECT count(*)::integer AS unread FROM (
      SELECT FROM event e WHERE e.account_id = $1 AND (e.version, e.ordinal) > (
        coalesce((SELECT r.version FROM event_read r WHERE r.account_id = $1 AND r.reader = $2), 0),
        coalesce((SELECT r.ordinal FROM event_read r WHERE r.account_id = $1 AND r.reader = $2), 0))
      LIMIT ${UNREAD_MAX}) AS unread`,
    [accountId, readerOf(caller)],
  );
  return rows[0]?.unread ?? 0;
}

/** Marks a caller's events of an account as read, up to a place; what was read stays read. */
export async function markRead(
  dataSource: DataSource,
  caller: Caller,
  { accountId, version, ordinal }: EventPlace,
): Promise<void> {
  await dataSource.query(
    `/* live.mark_read */ INSERT INTO event_read (account_id, reader, version, ordinal) VALUES ($1, $2, $3, $4)
      ON CONFLICT (account_id, reader) DO UPDATE SET version = EXCLUDED.version, ordinal = EXCLUDED.ordinal
      WHERE (event_read.version, event_read.ordinal) < (EXCLUDED.version, EXCLUDED.ordinal)`,
    [accountId, readerOf(caller), version, ordinal],
  );
}
