/** The running contenders: one process each, opened when first needed; each cell of the plan is run through here. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { SignJWT } from 'jose';
import { cpuSecondsOf, cpuSecondsOfMachine, startChild } from './child.mjs';

/** Which process answers a cell, and how it is loaded. */
const CELLS = {
  typeorm: { process: 'typeorm' },
  pg: { process: 'pg' },
  engine: { process: 'engine' },
  recorded: { process: 'ceiling', method: 'record' },
  ceiling: { process: 'ceiling', method: 'replay' },
  'typeorm-http': { process: 'typeorm', api: 'http' },
  'engine-http': { process: 'server', api: 'http' },
  'engine-many': { process: 'server', api: 'many' },
  'engine-socket': { process: 'server', api: 'socket' },
};
export const processOf = (cell) => CELLS[cell].process;

export async function openContenders(options) {
  const running = new Map();
  try {
    return await open(running, options);
  } catch (error) {
    for (const child of running.values()) child.kill();
    throw error;
  }
}

async function open(running, { names, database, accounts, poolSize, withApi, say }) {
  const secret = randomBytes(32).toString('hex');
  const token = await new SignJWT({ kind: 'service', scope: 'credits:read events:read credits:reserve', name: 'bench' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('bench')
    .setIssuedAt()
    .setExpirationTime('6h')
    .sign(new TextEncoder().encode(secret));
  for (const name of names) {
    const startedAt = Date.now();
    const child = startChild('./worker.mjs');
    running.set(name, child);
    const connectionString = await database.create(`bench_${name}`);
    const info = await child.ask('open', {
      name,
      accounts,
      connectionString,
      poolSize,
      port: await freePort(),
      secret,
      withApi,
    });
    running.set(name, { ...child, info });
    say(`${name}: ${accounts} accounts in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  }
  const load = startChild('./api-load.mjs');

  /** Runs `start`, and says how many cores each part kept busy from the moment it began to measure. */
  async function measured({ pid, info }, start) {
    const now = () => ({
      at: performance.now(),
      node: cpuSecondsOf(info.apiPid ?? pid),
      load: cpuSecondsOf(load.pid),
      postgres: database.cpuSeconds(),
      machine: cpuSecondsOfMachine(),
    });
    let before;
    const result = await start(() => {
      before = now();
    });
    const after = now();
    const share = (name) => (after[name] - before[name]) / ((after.at - before.at) / 1000);
    const cores = { node: share('node'), postgres: share('postgres'), load: share('load') };
    return { ...result, cores: { ...cores, elsewhere: share('machine') - cores.node - cores.postgres - cores.load } };
  }

  return {
    names: [...running.keys()],
    token,
    secret,
    warmUp: async (name, seconds) => {
      const child = running.get(name);
      if (name === 'ceiling') return child.ask('call', { method: 'warmUp', argument: { seconds } });
      if (name !== 'server') {
        for (const hot of [false, true])
          await child.ask('run', { callers: 64, hot, seconds: seconds / 2, rampSeconds: 0 });
      }
      for (const { process: owner, api: mode } of Object.values(CELLS)) {
        if (!withApi || !mode || owner !== name) continue;
        const target = { mode, url: apiOf(child, name), token, ids: child.info.ids };
        if (mode === 'many') await load.ask('touch', target);
        await load.ask('run', { ...target, callers: 64, seconds: seconds / 2, rampSeconds: 0 });
      }
      await child.ask('maintain');
    },
    /** Runs one cell; `faults` says what is wrong with the ledger afterwards. */
    async run(cell, { callers, hot, seconds, rampSeconds }) {
      const { process: name, api, method } = CELLS[cell];
      const child = running.get(name);
      const source = api ? child : { ...child, info: {} };
      const result = await measured(source, (whenMeasuring) => {
        if (method)
          return child.ask('call', { method, argument: { callers, seconds, rampSeconds } }, { whenMeasuring });
        if (!api) return child.ask('run', { callers, hot, seconds, rampSeconds }, { whenMeasuring });
        const target = { mode: api, url: apiOf(child, name), token, ids: child.info.ids };
        return load.ask('run', { ...target, callers, seconds, rampSeconds }, { whenMeasuring });
      });
      const faults = await child.ask('check');
      await child.ask('maintain');
      return { ...result, faults };
    },
    async close() {
      for (const child of running.values()) {
        await child.ask('close').catch(() => child.kill());
        await child.ask('end').catch(() => undefined);
      }
      await load.ask('end').catch(() => undefined);
    },
    kill() {
      for (const child of running.values()) child.kill();
      load.kill();
    },
  };
}

function apiOf(child, name) {
  if (!child.info.url) throw new Error(`${name} serves no API`);
  return child.info.url;
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
