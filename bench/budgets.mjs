/**
 * `npm run bench -- budgets`: what a reserve and its commit cost on an account with budgets, beside an account without, in turn.
 *
 *   --rounds N    rounds (5)
 *   --seconds N   measured seconds of a turn (3)
 *   --gate        ends with 1 when a ratio is above its floor
 *
 * All twenty budgets are about the work, over all windows: the worst case. Half of them are hard, and none is ever full. The engine runs in this
 * process; the ratio is that of the processor time of Node and PostgreSQL together a pair, and of the time that a pair takes.
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openEngine, pairOn, seedAccounts } from './engine/ledger.mjs';
import { runLoad } from './load.mjs';
import { spreadOf } from './plan.mjs';
import { startDatabase } from './postgres.mjs';

const BUDGETS = 20;
const WINDOWS = ['HOUR', 'DAY', 'WEEK', 'PERIOD', 'LIFETIME'];
/** A pair with twenty budgets over one without. */
const RATIO_MAX = 1.3;
const ACCOUNTS = 500;
const ACTOR = { name: 'operator:bench', member: 'bench', closesAny: true };

const { values: flags } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '3' },
    gate: { type: 'boolean', default: false },
  },
});
const rounds = Number(flags.rounds);
const seconds = Number(flags.seconds);

const CELLS = [
  { name: 'one caller, one account', callers: 1, hot: true },
  { name: '64 callers, one account', callers: 64, hot: true },
  { name: `64 callers, ${ACCOUNTS} accounts`, callers: 64, hot: false },
];

function setBudget(ledger, accountId, at) {
  const budget = {
    name: `Budget ${at}`,
    creditType: 'STANDARD',
    project: at % 2 === 0 ? 'bench' : null,
    member: at % 3 === 0 ? 'bench' : null,
    eachMember: false,
    feature: null,
    type: null,
    window: WINDOWS[at % WINDOWS.length],
    limit: 1_000_000_000_000 + at,
    hard: at % 2 === 0,
    setAside: false,
  };
  const newId = randomUUID();
  const keyed = { key: randomUUID(), scope: 'set-budget|server', input: { id: null, ...budget } };
  return ledger.submit({ type: 'set-budget', accountId, actor: ACTOR, keyed, changes: null, newId, budget });
}

async function seed(ledger) {
  const without = await seedAccounts(ledger, ACCOUNTS);
  const limited = await seedAccounts(ledger, ACCOUNTS);
  for (let at = 0; at < BUDGETS; at += 1)
    for (const outcome of await Promise.all(limited.map((accountId) => setBudget(ledger, accountId, at))))
      if (outcome.kind !== 'row') throw new Error(JSON.stringify(outcome));
  return { without, limited };
}

/** Processor milliseconds of Node and PostgreSQL a pair, and milliseconds that one takes. */
async function turn(database, ledger, ids, { callers, hot }) {
  let before;
  const { pairsPerSecond, p50, cpuSeconds, elapsedSeconds } = await runLoad({
    pair: (index, _callerId, halfway) => pairOn(ledger, ids[index], halfway),
    callers,
    accounts: ids.length,
    hot,
    seconds,
    rampSeconds: 0.5,
    onMeasureStart: () => (before = database.cpuSeconds()),
  });
  const pairs = pairsPerSecond * elapsedSeconds;
  return { cpu: (1_000 * (cpuSeconds + database.cpuSeconds() - before)) / pairs, p50, pairsPerSecond };
}

function say(what, ratios) {
  const { median, min, max } = spreadOf(ratios);
  process.stdout.write(`  ${what.padEnd(34)} ${median.toFixed(2)}  (${min.toFixed(2)} to ${max.toFixed(2)})\n`);
  return median;
}

const database = await startDatabase();
let worst = 0;
try {
  const engine = await openEngine({ connectionString: await database.create('bench_budgets'), prepare: true });
  const { without, limited } = await seed(engine.ledger);
  for (const cell of CELLS) {
    const ratios = { cpu: [], p50: [], pairs: [] };
    for (let round = 0; round < rounds; round += 1) {
      await database.checkpoint();
      const order = round % 2 === 0 ? [without, limited] : [limited, without];
      const [first, second] = [
        await turn(database, engine.ledger, order[0], cell),
        await turn(database, engine.ledger, order[1], cell),
      ];
      const [plain, budgeted] = round % 2 === 0 ? [first, second] : [second, first];
      ratios.cpu.push(budgeted.cpu / plain.cpu);
      ratios.p50.push(budgeted.p50 / plain.p50);
      ratios.pairs.push(plain.pairsPerSecond / budgeted.pairsPerSecond);
      process.stderr.write(
        `${cell.name}: round ${round + 1}: ${Math.round(plain.pairsPerSecond)} and ${Math.round(budgeted.pairsPerSecond)} pairs a second\n`,
      );
    }
    process.stdout.write(`${cell.name}: ${BUDGETS} budgets / none\n`);
    worst = Math.max(worst, say(`time of a pair (goal ${RATIO_MAX})`, ratios.p50));
    say('processor time of a pair', ratios.cpu);
    say('pairs a second, none / 20 budgets', ratios.pairs);
  }
  await engine.close();
} finally {
  await database.stop();
}
if (flags.gate && worst > RATIO_MAX) process.exitCode = 1;
