/**
 * Our engine beside peers that obey the same rules, on one durable database, in one run.
 *
 *   --quick         3 rounds of 2.5 s, 1,000 subscribers only
 *   --seconds N     measured seconds of a cell (10)
 *   --rounds N      rounds (3)
 *   --only a,b      only these contenders: typeorm, pg, engine, ceiling, api, sockets
 *   --accounts N    accounts of each contender (10,000)
 *   --pool N        the peers' pool (16, the best of 4, 8, 16, 32)
 *   --gate          exit with 1 when a floor is missed
 *   --database URL  use this server on this machine instead of an own one
 */
import { parseArgs } from 'node:util';
import { openContenders, processOf } from './contenders.mjs';
import { RATIOS, SCENARIOS } from './plan.mjs';
import { measureFsyncMs, startDatabase } from './postgres.mjs';
import { printAbsolutes, printHeader, printRatios } from './report.mjs';
import { runSockets } from './sockets/measure.mjs';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string' },
    accounts: { type: 'string', default: '10000' },
    pool: { type: 'string', default: '16' },
    gate: { type: 'boolean', default: false },
    database: { type: 'string' },
  },
});
const seconds = Number(flags.seconds ?? (flags.quick ? 2.5 : 10));
const rounds = Number(flags.rounds);
const only = flags.only?.split(',');
const wants = (name) => !only || only.includes(name);
const say = (text) => process.stderr.write(`${text}\n`);

/** The plan's cells that were asked for. */
const scenarios = SCENARIOS.filter(({ key }) => key !== 'api' || wants('api'))
  .map((scenario) => ({
    ...scenario,
    cells: scenario.cells.filter((cell) => wants(processOf(cell)) || (scenario.key === 'api' && only.includes('api'))),
  }))
  .map((scenario) => ({
    ...scenario,
    cells: flags.quick && scenario.key === 'one' ? scenario.cells.filter((cell) => cell !== 'typeorm') : scenario.cells,
  }))
  .filter(({ cells }) => cells.length);

/** results[scenario][cell] = one result a round. */
const results = {};
const keep = (scenario, cell, result) => ((results[scenario] ??= {})[cell] ??= []).push(result);

const database = await startDatabase(flags.database);
let contenders;
try {
  printHeader({
    facts: database.facts,
    fsyncMs: measureFsyncMs(),
    rounds,
    seconds,
    accounts: Number(flags.accounts),
    pool: flags.pool,
  });
  if (scenarios.length) {
    const names = [...new Set(scenarios.flatMap(({ cells }) => cells.map(processOf)))];
    contenders = await openContenders({
      names,
      database,
      accounts: Number(flags.accounts),
      poolSize: Number(flags.pool),
      withApi: wants('api'),
      say,
    });
    for (const name of contenders.names) await contenders.warmUp(name, flags.quick ? 2 : 6);
    for (let round = 1; round <= rounds; round += 1) {
      await database.checkpoint();
      for (const { key, cells, callers, hot } of scenarios) {
        for (const cell of cells) {
          const result = await contenders.run(cell, { callers, hot, seconds, rampSeconds: flags.quick ? 1 : 2 });
          const right = result.faults.length === 0;
          keep(key, cell, { ...result, score: right ? result.pairsPerSecond : 0 });
          say(
            `round ${round}  ${key.padEnd(10)}  ${cell.padEnd(13)} ${String(Math.round(result.pairsPerSecond)).padStart(7)} pairs/s${right ? '' : `  WRONG LEDGER: ${result.faults.join('; ')}`}`,
          );
        }
      }
    }
    await contenders.close();
    contenders = undefined;
  }
  if (wants('sockets')) await runSockets({ keep, say, database, rounds, quick: flags.quick });
  printAbsolutes(results, scenarios);
  const missed = printRatios(results, RATIOS);
  if (flags.gate && missed) process.exitCode = 1;
} finally {
  contenders?.kill();
  await database.stop();
}
