/** Our engine: the ledger in this process, and the server in another over the same database. */
import pg from 'pg';
import { findEngineFaults } from './faults.mjs';
import { openEngine, pairOn, seedAccounts } from './ledger.mjs';
import { startServer } from './server.mjs';

export async function openContender({ connectionString, accounts, port, secret, withApi }) {
  const engine = await openEngine({ connectionString, prepare: true });
  const ids = await seedAccounts(engine.ledger, accounts);
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query('ANALYZE');
  const server = withApi ? await startServer({ connectionString, port, secret }) : undefined;
  return {
    info: { ids: server?.publicIds(ids), url: server?.url, apiPid: server?.pid },
    pair: (index, _callerId, halfway) => pairOn(engine.ledger, ids[index], halfway),
    check: () => findEngineFaults(admin),
    maintain: () => admin.query('VACUUM (ANALYZE)'),
    async close() {
      await server?.stop();
      await engine.close();
      await admin.end();
    },
  };
}
