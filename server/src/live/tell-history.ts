import type pg from 'pg';
import { DOORBELL_CHANNEL, formatPresence } from './doorbell-message.js';

/**
 * Tells every process of this database which history is the present one.
 *
 * @param sender  16 letters that no process goes by
 */
export async function tellHistory(on: Pick<pg.Pool, 'query'>, sender: string, historyId: string): Promise<void> {
  await on.query('SELECT pg_notify($1, $2)', [DOORBELL_CHANNEL, formatPresence('gone', sender, historyId)]);
}
