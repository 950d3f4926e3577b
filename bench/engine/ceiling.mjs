/**
 * The ceiling (c): what the database does with our own batches when nobody decides anything.
 *
 * `record` runs the engine on a fresh copy of a seeded database and writes down what its lanes send: statements,
 * parameters, and which of them went out together. `replay` sends the same again on another fresh copy, each lane on a
 * connection of its own, as fast as the answers come. Both answer with the same pairs a second.
 */
import pg from 'pg';
import { runLoad } from '../load.mjs';
import { findEngineFaults } from './faults.mjs';
import { openEngine, pairOn, seedAccounts } from './ledger.mjs';

export async function openContender({ connectionString, accounts }) {
  const seeded = new URL(connectionString).pathname.slice(1);
  const adminUrl = Object.assign(new URL(connectionString), { pathname: '/postgres' }).href;
  const copyUrl = Object.assign(new URL(connectionString), { pathname: `/${seeded}_copy` }).href;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  const engine = await openEngine({ connectionString, prepare: true });
  const ids = await seedAccounts(engine.ledger, accounts);
  await engine.close();
  let recording;

  async function copy() {
    await admin.query(`DROP DATABASE IF EXISTS ${seeded}_copy WITH (FORCE)`);
    await admin.query(`CREATE DATABASE ${seeded}_copy TEMPLATE ${seeded} STRATEGY FILE_COPY`);
    await admin.query('CHECKPOINT');
  }

  return {
    /** History in the seeded database, and its statistics, so that plans are those of a ledger in use. */
    async warmUp({ seconds }) {
      const warm = await openEngine({ connectionString });
      await runLoad({
        pair: (index, _callerId, halfway) => pairOn(warm.ledger, ids[index], halfway),
        callers: 256,
        accounts: ids.length,
        seconds,
        rampSeconds: 0,
      });
      await warm.close();
      const client = new pg.Client({ connectionString });
      await client.connect();
      await client.query('VACUUM (ANALYZE)');
      await client.end();
    },
    /** The first seconds fill the engine's memory and are replayed too, but neither side is timed in them. */
    async record({ callers, seconds, rampSeconds }) {
      await copy();
      const recorder = new Recorder();
      const copied = await openEngine({
        connectionString: copyUrl,
        connect: (config) => recorder.connect(config),
      });
      let pairs = 0;
      let startedAt = 0;
      const pair = async (index, _callerId, halfway) => {
        await pairOn(copied.ledger, ids[index], halfway);
        pairs += 1;
      };
      const onMeasureStart = () => {
        recorder.mark();
        pairs = 0;
        startedAt = performance.now();
        process.send({ measuring: true });
      };
      const result = await runLoad({ pair, callers, accounts: ids.length, seconds, rampSeconds, onMeasureStart });
      const elapsedSeconds = (performance.now() - startedAt) / 1000;
      await copied.close();
      recording = { lanes: recorder.lanes, pairs };
      return { ...result, pairsPerSecond: pairs / elapsedSeconds };
    },
    async replay() {
      await copy();
      const clients = await Promise.all(
        recording.lanes.map(async ({ config }) => {
          const client = new pg.Client({ ...config, connectionString: copyUrl });
          await client.connect();
          return client;
        }),
      );
      const each = (flightsOf) =>
        Promise.all(recording.lanes.map((lane, at) => replayFlights(clients[at], flightsOf(lane))));
      await each(({ flights, marked }) => flights.slice(0, marked));
      process.send({ measuring: true });
      const startedAt = performance.now();
      await each(({ flights, marked }) => flights.slice(marked));
      const elapsedSeconds = (performance.now() - startedAt) / 1000;
      await Promise.all(clients.map((client) => client.end()));
      return { pairsPerSecond: recording.pairs / elapsedSeconds, p50: NaN, p99: NaN };
    },
    async check() {
      const client = new pg.Client({ connectionString: copyUrl });
      await client.connect();
      const faults = await findEngineFaults(client);
      await client.end();
      return faults;
    },
    maintain: () => undefined,
    async close() {
      await admin.query(`DROP DATABASE IF EXISTS ${seeded}_copy WITH (FORCE)`);
      await admin.end();
    },
  };
}

async function replayFlights(client, flights) {
  for (const flight of flights) await Promise.all(flight.map((query) => client.query(query)));
}

/** Makes the engine's connections and writes down what goes over them; a flight is what is sent before an answer is awaited. */
class Recorder {
  lanes = [];

  /** What is sent from now on is measured. */
  mark() {
    for (const lane of this.lanes) lane.marked = lane.flights.length;
  }

  connect(config) {
    const client = new pg.Client(config);
    const flights = [];
    this.lanes.push({ config, flights, marked: 0 });
    let open = 0;
    const query = client.query.bind(client);
    client.query = (given, ...rest) => {
      const asked = typeof given === 'string' ? given : { name: given.name, text: given.text, values: given.values };
      if (open === 0) flights.push([]);
      flights.at(-1).push(asked);
      open += 1;
      const answer = query(given, ...rest);
      const settle = () => {
        open -= 1;
      };
      answer.then(settle, settle);
      return answer;
    };
    return client;
  }
}
