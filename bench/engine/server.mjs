/** The product's server as a process of its own, with real authentication, over a database of its own. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { formatId } from '@aibc/shared/ids';
import pg from 'pg';
import { findEngineFaults } from './faults.mjs';
import { openEngine, seedAccounts } from './ledger.mjs';

/** Starts the product's server over a database that is migrated and seeded; resolves when it is ready. */
export async function startServer({ connectionString, port, secret }) {
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', fileURLToPath(new URL('../../server/dist/main.js', import.meta.url))],
    {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        DATABASE_URL: connectionString,
        PORT: String(port),
        AUTH_JWT_SECRET: secret,
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${port}/graphql`;
  let ended;
  child.on('exit', (code) => {
    ended = `the server ended (${code})`;
  });
  for (let tries = 0; ; tries += 1) {
    if (ended) throw new Error(ended);
    if (tries > 300) throw new Error('the server is not ready after 30 s');
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined);
    if (ready?.ok) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    pid: child.pid,
    stop: () =>
      new Promise((resolve) => {
        child.on('exit', resolve);
        child.kill('SIGTERM');
      }),
  };
}

export async function openContender({ connectionString, accounts, port, secret }) {
  const engine = await openEngine({ connectionString, prepare: true });
  const ids = await seedAccounts(engine.ledger, accounts);
  await engine.close();
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query('ANALYZE');
  const server = await startServer({ connectionString, port, secret });
  return {
    info: { ids: ids.map((id) => formatId('acct', id)), url: server.url, apiPid: server.pid },
    check: () => findEngineFaults(admin),
    maintain: () => admin.query('VACUUM (ANALYZE)'),
    async close() {
      await server.stop();
      await admin.end();
    },
  };
}
