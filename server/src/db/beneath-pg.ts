/*
 * All that this program uses of node-postgres beneath its public interface, where a new version may change anything.
 */
import type pg from 'pg';

/** The server process that the connection was told of when it began, perhaps by a pooler; null when the driver does not say. */
export function processIdOf(client: pg.ClientBase): number | null {
  const processId: unknown = Reflect.get(client, 'processID');
  return typeof processId === 'number' ? processId : null;
}
