/** The built server as a demo over an embedded database of its own, for what looks at its pages. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns the server's address, the rooms its page names (addresses below it, `/` first), and what ends server and database */
export async function startDemoServer() {
  const { startEmbeddedPostgres } = await import('../server/dist/postgres/embedded-postgres.js');
  const { startServerProcess } = await import('../server/dist/testing/test-server.js');
  const home = mkdtempSync(join(tmpdir(), 'aibc-demo-'));
  // For the unprivileged user that runs PostgreSQL when this is root.
  chmodSync(home, 0o755);
  const database = await startEmbeddedPostgres({ dataDir: join(home, 'data') });
  const server = await startServerProcess({ DATABASE_URL: database.url, HOST: '127.0.0.1', LOG_LEVEL: 'error' });
  const page = await (await fetch(server.url)).text();
  const named = [...page.matchAll(/<meta name="room-code" data-room="([^"]*)"/g)].map(([, room]) => `/${room}`);
  return {
    url: server.url,
    rooms: [...new Set(['/', ...named])],
    stop: async () => {
      await server.end('SIGTERM');
      await database.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
