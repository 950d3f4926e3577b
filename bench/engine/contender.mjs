/** Our engine: the ledger in this process. */
import pg from 'pg';
import { findEngineFaults } from './faults.mjs';
import { openEngine, pairOn, seedAccounts } from './ledger.mjs';

export async function openContender({ connectionString, accounts }) {
  const engine = await openEngine({ connectionString, prepare: true });
  const ids = await seedAccounts(engine.ledger, accounts);
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query('ANALYZE');
  return {
    pair: (index, _callerId, halfway) => pairOn(engine.ledger, ids[index], halfway),
    check: () => findEngineFaults(admin),
    maintain: () => admin.query('VACUUM (ANALYZE)'),
    async close() {
      await engine.close();
      await admin.end();
    },
  };
}
