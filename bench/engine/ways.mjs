/** The ledger with and without each way beneath the driver's public interface, side by side in this process. */
import pg from 'pg';
import { runLoad } from '../load.mjs';
import { openEngine, pairOn, seedAccounts } from './ledger.mjs';

/** What the trial of a new connection is shown: a member that takes no other function, a stream that seems to hold nothing back. */
function hide(client, { bind, hold }) {
  const { connection } = client;
  const given = connection.bind;
  if (bind) Object.defineProperty(connection, 'bind', { get: () => given, set: ignore });
  if (hold) Object.defineProperty(connection.stream, 'writableLength', { get: () => 0 });
  return client;
}

const ignore = () => undefined;

const CONNECT = {
  'as it is': (config) => new pg.Client(config),
  'without ready Bind messages': (config) => hide(new pg.Client(config), { bind: true }),
  'without one write a batch': (config) => hide(new pg.Client(config), { hold: true }),
  'without either': (config) => hide(new pg.Client(config), { bind: true, hold: true }),
};

export async function openContender({ connectionString, accounts }) {
  const engines = {};
  let prepare = true;
  for (const [way, connect] of Object.entries(CONNECT)) {
    const engine = await openEngine({ connectionString, prepare, connect });
    prepare = false;
    // Accounts of its own: what one way changes, no other finds changed.
    engines[way] = { ...engine, ids: await seedAccounts(engine.ledger, accounts) };
  }
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query('ANALYZE');
  return {
    info: { ways: Object.keys(CONNECT) },
    take({ way, callers, seconds, rampSeconds }) {
      const { ledger, ids } = engines[way];
      return runLoad({
        pair: (index, _callerId, halfway) => pairOn(ledger, ids[index], halfway),
        callers,
        accounts: ids.length,
        seconds,
        rampSeconds,
        onMeasureStart: () => process.send({ measuring: true }),
      });
    },
    maintain: () => admin.query('VACUUM (ANALYZE)'),
    async close() {
      for (const engine of Object.values(engines)) await engine.close();
      await admin.end();
    },
  };
}
