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
  let ended;

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
    /** What is sent before the measured seconds is replayed too, but neither side is timed in it. */
    async record({ callers, seconds, rampSeconds }) {
      // The last recording would fill the memory of this one.
      recording = undefined;
      await copy();
      const recorder = new Recorder();
      const copied = await openEngine({
        connectionString: copyUrl,
        connect: (config) => recorder.connect(config),
      });
      // Every account once, so that neither side is timed while the engine reads accounts that it has never seen.
      for (let from = 0; from < ids.length; from += 256)
        await Promise.all(ids.slice(from, from + 256).map((id) => pairOn(copied.ledger, id, () => undefined)));
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
      recording = { recorder, pairs };
      return { ...result, pairsPerSecond: pairs / elapsedSeconds };
    },
    async replay() {
      await copy();
      const lanes = recording.recorder.played();
      const clients = await Promise.all(
        lanes.map(async ({ config }) => {
          const client = new pg.Client({ ...config, connectionString: copyUrl });
          await client.connect();
          return client;
        }),
      );
      const each = (flightsOf) => Promise.all(lanes.map((lane, at) => replayFlights(clients[at], flightsOf(lane))));
      await each(({ flights, marked }) => flights.slice(0, marked));
      process.send({ measuring: true });
      const startedAt = performance.now();
      await each(({ flights, marked }) => flights.slice(marked));
      const elapsedSeconds = (performance.now() - startedAt) / 1000;
      // Connections end after their processor time was read: /proc has no figures of a process that has ended.
      ended = () => Promise.all(clients.map((client) => client.end()));
      return { pairsPerSecond: recording.pairs / elapsedSeconds, p50: NaN, p99: NaN };
    },
    async check() {
      await ended?.();
      ended = undefined;
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

/**
 * Makes the engine's connections and writes down what goes over them; a flight is what is sent before an answer is awaited.
 *
 * Parameters are copied at once: if the recording kept the engine's own buffers, the engine would need new memory for each and be measured slower.
 */
class Recorder {
  lanes = [];

  /** What is sent from now on is measured. */
  mark() {
    for (const lane of this.lanes) lane.marked = lane.flights.length;
  }

  connect(config) {
    const client = new pg.Client(config);
    const flights = [];
    const tape = new Tape();
    this.lanes.push({ config, flights, marked: 0 });
    let open = 0;
    const settle = () => {
      open -= 1;
    };
    const query = client.query.bind(client);
    client.query = (given, ...rest) => {
      if (open === 0) flights.push([]);
      flights.at(-1).push(typeof given === 'string' ? given : tape.keep(given));
      open += 1;
      const answer = query(given, ...rest);
      answer.then(settle, settle);
      return answer;
    };
    return client;
  }

  /** The flights of each lane as the driver takes them. */
  played() {
    const play = (query) => (typeof query === 'string' ? query : query.play());
    return this.lanes.map(({ flights, ...lane }) => ({ ...lane, flights: flights.map((flight) => flight.map(play)) }));
  }
}

const BLOCK_BYTES = 1 << 26;

/** Statements with copies of their parameters, in large blocks. */
class Tape {
  #block = Buffer.alloc(0);
  #used = 0;

  keep({ name, text, values }) {
    if (!values) return { play: () => ({ name, text }) };
    // What a new connection is asked, whose parameters are no buffers of the engine.
    if (!values.every((value) => Buffer.isBuffer(value))) return { play: () => ({ name, text, values }) };
    const ends = [];
    let length = 0;
    for (const value of values) ends.push((length += value.length));
    if (this.#used + length > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.max(BLOCK_BYTES, length));
      this.#used = 0;
    }
    const block = this.#block;
    const start = this.#used;
    for (const value of values) this.#used += value.copy(block, this.#used);
    const part = (end, index) => block.subarray(start + (ends[index - 1] ?? 0), start + end);
    return { play: () => ({ name, text, values: ends.map(part) }) };
  }
}
