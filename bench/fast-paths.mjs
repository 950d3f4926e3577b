/**
 * `npm run bench -- fast-paths`: what writing frames past `ws` gives, with it and without it in turn.
 *
 *   --rounds N    rounds (9)
 *   --seconds N   measured seconds of a turn (3)
 */
import { parseArgs } from 'node:util';
import { startChild } from './child.mjs';
import { spreadOf } from './plan.mjs';
import { startDatabase } from './postgres.mjs';

const SUBSCRIBERS = 1_000;
const UPDATES_A_SECOND = 9;

const { values: flags } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '3' },
  },
});
const rounds = Number(flags.rounds);
const seconds = Number(flags.seconds);
const children = [];
const start = (...args) => {
  const child = startChild(...args);
  children.push(child);
  return child;
};

/** Begins each round with another, so that none is always the first. */
const inTurn = (ways, round) => ways.map((_, index) => ways[(index + round) % ways.length]);

/**
 * Costs by way and round; each line says how much more a way costs than the first, in the same round, and how much more its best turn
 * cost than the best of the first, which other programs have disturbed least.
 */
function print(title, costs) {
  const [[, first], ...others] = Object.entries(costs);
  process.stdout.write(`${title}: ${(spreadOf(first)?.median ?? NaN).toFixed(2)} µs\n`);
  for (const [way, values] of others) {
    const spread = spreadOf(values.map((value, round) => 100 * (value / first[round] - 1)));
    if (!spread) continue;
    const [median, min, max] = [spread.median, spread.min, spread.max].map((percent) => percent.toFixed(1));
    const least = (100 * (Math.min(...values) / Math.min(...first) - 1)).toFixed(1);
    process.stdout.write(
      `  ${way.padEnd(28)} ${median.padStart(6)} % more  (${min} to ${max}); the best turns of both: ${least} %\n`,
    );
  }
}

async function measureSockets(database) {
  const ways = { 'as it is': true, 'without frames past ws': false };
  const servers = {};
  for (const [way, writesFrames] of Object.entries(ways)) {
    const server = start('./sockets/ours.mjs', { execArgv: ['--expose-gc'] });
    const crowd = start('./sockets/subscribers.mjs');
    const connectionString = await database.create(`bench_frames_${writesFrames}`);
    const target = await server.ask('open', { connectionString, writesFrames });
    await crowd.ask('add', { ...target, count: SUBSCRIBERS });
    await server.ask('publish', { rate: UPDATES_A_SECOND, seconds: 1 });
    servers[way] = { server, crowd };
  }
  const costs = { 'as it is': [], 'without frames past ws': [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of inTurn(Object.keys(ways), round)) {
      const { server, crowd } = servers[way];
      await crowd.ask('reset');
      const { cpuSeconds } = await server.ask('publish', { rate: UPDATES_A_SECOND, seconds });
      const { messages } = await crowd.ask('counts');
      costs[way][round] = (1e6 * cpuSeconds) / messages;
    }
    process.stderr.write(`sockets: round ${round + 1} of ${rounds}\n`);
  }
  for (const { server, crowd } of Object.values(servers)) {
    await crowd.ask('clear');
    await server.ask('close');
  }
  print('a message to a subscriber, processor time of Node', costs);
}

const database = await startDatabase();
try {
  await measureSockets(database);
} finally {
  for (const child of children) child.kill();
  await database.stop();
}
