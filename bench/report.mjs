/** What the benchmark prints. Ratios are the result; absolute figures are of this machine and of this hour. */
import { cpus, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { spreadOf } from './plan.mjs';

const require = createRequire(import.meta.url);
const versionOf = (name) => {
  const entry = require.resolve(name);
  const folder = entry.slice(0, entry.lastIndexOf(`/node_modules/${name}/`) + `/node_modules/${name}/`.length);
  return JSON.parse(readFileSync(`${folder}package.json`, 'utf8')).version;
};
const print = (text = '') => process.stdout.write(`${text}\n`);

export function printHeader({ facts, fsyncMs, rounds, seconds, accounts, pool }) {
  print(
    `node ${process.versions.node}, PostgreSQL ${facts.version}, pg ${versionOf('pg')}, typeorm ${versionOf('typeorm')}, @apollo/server ${versionOf('@apollo/server')}, graphql-ws ${versionOf('graphql-ws')}, ws ${versionOf('ws')}`,
  );
  print(
    `${cpus().length} x ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${process.arch}; database, contenders and load share the machine`,
  );
  print(
    `fsync ${facts.fsync} (${fsyncMs.toFixed(2)} ms), synchronous_commit ${facts.synchronous_commit}, shared_buffers ${facts.shared_buffers}, autovacuum ${facts.autovacuum} (VACUUM ANALYZE between the cells)`,
  );
  print(`${rounds} rounds of ${seconds} s a cell, ${accounts} accounts, peers' pool ${pool}`);
}

export function printAbsolutes(results, scenarios) {
  print();
  print(
    'pairs a second (reserve and commit), median of the rounds; latency of a pair (of a batch, for …Many); CPU milliseconds a pair; cores busy',
  );
  for (const { key, title, cells } of scenarios) {
    print(`  ${title}`);
    for (const cell of cells) {
      const runs = results[key]?.[cell] ?? [];
      if (!runs.length) continue;
      const median = (pick) => spreadOf(runs.map(pick))?.median ?? NaN;
      const { min, max } = spreadOf(runs.map((run) => run.score));
      const cores = ['node', 'postgres', 'load', 'elsewhere']
        .map((name) => [name, median((run) => run.cores?.[name] ?? NaN)])
        .filter(([, share]) => share > 0.005);
      print(
        `    ${cell.padEnd(13)} ${whole(median((run) => run.score))}  (${whole(min)} to ${whole(max)})   p50 ${fixed(median((run) => run.p50))} ms  p99 ${fixed(median((run) => run.p99))} ms   ${cpuMs(runs).toFixed(2).padStart(5)} CPU ms   ` +
          cores.map(([name, share]) => `${name} ${share.toFixed(2)}`).join('  '),
      );
      const wrong = runs.find((run) => run.faults?.length);
      if (wrong) print(`      WRONG LEDGER, scores 0: ${wrong.faults.join('; ')}`);
    }
  }
  for (const key of ['fan-out', 'idle 1000', 'idle 10000']) {
    if (!results[key]) continue;
    print(
      `  ${key === 'fan-out' ? 'fan-out, messages a CPU-second of the server' : `${key.slice(5)} idle subscribers, heap and external bytes each`}`,
    );
    for (const [cell, runs] of Object.entries(results[key])) {
      const { median, min, max } = spreadOf(runs.map((run) => run.score));
      print(
        `    ${cell.padEnd(13)} ${whole(median)}  (${whole(min)} to ${whole(max)})${runs[0].note ? `   ${runs[0].note}` : ''}`,
      );
    }
  }
}

/** Prints each ratio that was measured, with its floor; returns how many floors were missed (by the median). */
export function printRatios(results, ratios) {
  let missed = 0;
  print();
  print('ratios, median (smallest to largest of the rounds)');
  for (const { name, over, under, floor } of ratios) {
    const a = results[over.scenario]?.[over.contender];
    const b = results[under.scenario]?.[under.contender];
    if (!a || !b) continue;
    const spread = spreadOf(a.map((run, round) => (b[round]?.score > 0 ? run.score / b[round].score : NaN)));
    if (!spread) continue;
    const reached = floor === undefined || spread.median >= floor;
    if (!reached) missed += 1;
    const verdict =
      floor === undefined
        ? ''
        : `   floor ${floor}: ${reached ? (spread.min >= floor ? 'reached' : 'reached by the median') : 'MISSED'}`;
    print(
      `  ${name.padEnd(54)} ${spread.median.toFixed(2).padStart(7)}  (${spread.min.toFixed(2)} to ${spread.max.toFixed(2)})${byCpu(a, b)}${verdict}`,
    );
  }
  const elsewhere = spreadOf(
    Object.values(results).flatMap((cells) =>
      Object.values(cells)
        .flat()
        .map((run) => run.cores?.elsewhere ?? NaN),
    ),
  );
  if (elsewhere && elsewhere.median > 0.15) {
    print(`  Other programs kept ${elsewhere.median.toFixed(2)} cores busy: run it again on a quiet machine.`);
  }
  return missed;
}
/** CPU milliseconds of contender and database for one pair; what another program does meanwhile hardly changes it. */
function cpuMs(runs) {
  return (
    spreadOf(runs.map(({ cores, pairsPerSecond }) => (1000 * (cores.node + cores.postgres)) / pairsPerSecond))
      ?.median ?? NaN
  );
}
function byCpu(over, under) {
  if (!over[0].cores || !under[0].cores) return '';
  const ratio = cpuMs(under) / cpuMs(over);
  return Number.isNaN(ratio) ? '' : `  by CPU time ${ratio.toFixed(1)}`;
}
const whole = (value) => String(Math.round(value)).padStart(7);
const fixed = (value) => (Number.isNaN(value) ? '  -' : value.toFixed(1).padStart(6));
