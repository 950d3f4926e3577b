/**
 * `npm run simulate`: real traffic through the API of a running demo, and the moments worth seeing.
 *
 * Exits with 1 when an answer was not one that a caller has to expect.
 */
import { parseArgs } from 'node:util';

import { advance, deplete, goLow, isSpan, readAccount, refill } from './simulate/actions.mjs';
import { Api } from './simulate/api.mjs';
import { Tally } from './simulate/tally.mjs';
import { Studio } from './simulate/work.mjs';

const HELP = `npm run simulate -- [options]

  --rate 5            pieces of work begun a second
  --seconds 30        how long; 0: until it is stopped
  --account paid      pro, enterprise, free, paid (the first two) or all; Free shows what its few credits are for
  --url http://127.0.0.1:4000   the port is PORT's, if that is set

Moments; without --rate or --seconds nothing else is done:
  --go-low            spend until the warning
  --deplete           spend everything
  --refill 100        an operator gives credits; with traffic also whenever it runs short
  --advance 1d        move the test clock: 30m, 6h, 1d, 2w, or period for the next reset
`;

const PAID = ['pro', 'enterprise'];
const ROLES = [...PAID, 'free'];
/** Shares of the traffic when several accounts have some. */
const SHARES = {
  paid: ['enterprise', 'enterprise', 'enterprise', 'pro', 'pro'],
  all: ['enterprise', 'enterprise', 'enterprise', 'pro', 'pro', 'free'],
};
const UNDER_WAY_MAX = 5_000;

function fail(message) {
  console.error(message);
  process.exit(1);
}

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      args: withDefaultRefill(process.argv.slice(2)),
      options: {
        rate: { type: 'string' },
        seconds: { type: 'string' },
        account: { type: 'string', default: 'paid' },
        url: { type: 'string', default: `http://127.0.0.1:${process.env.PORT || 4000}` },
        'go-low': { type: 'boolean', default: false },
        deplete: { type: 'boolean', default: false },
        refill: { type: 'string' },
        advance: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    fail(`${error.message}\n\n${HELP}`);
  }
  if (values.help) {
    console.log(HELP);
    process.exit(0);
  }
  const number = (name, text, isGood) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || !isGood(value))
      fail(`--${name} ${text} is not possible\n\n${HELP}`);
    return value;
  };
  const rate = number('rate', values.rate ?? '5', (value) => value > 0 && value <= 5_000);
  const seconds = number('seconds', values.seconds ?? '30', (value) => value >= 0);
  const credits =
    values.refill === undefined
      ? null
      : number('refill', values.refill, (value) => Number.isSafeInteger(value) && value > 0);
  if (!(values.account in SHARES) && !ROLES.includes(values.account))
    fail(`--account is paid, all or one of ${ROLES.join(', ')}\n\n${HELP}`);
  if (values.advance !== undefined && !isSpan(values.advance))
    fail(`--advance is like 30m, 6h, 1d, 2w, or period\n\n${HELP}`);
  if (!URL.canParse(values.url)) fail(`--url is not a URL\n\n${HELP}`);
  const isMoment = values['go-low'] || values.deplete || credits !== null || values.advance !== undefined;
  return {
    ...values,
    rate,
    seconds,
    refill: credits,
    hasTraffic: !isMoment || values.rate !== undefined || values.seconds !== undefined,
    roles: { paid: PAID, all: ROLES }[values.account] ?? [values.account],
    shares: SHARES[values.account] ?? [values.account],
  };
}

/** `--refill` may stand alone. */
function withDefaultRefill(args) {
  return args.flatMap((arg, index) =>
    arg === '--refill' && !/^\d/.test(args[index + 1] ?? '') ? ['--refill', '100'] : [arg],
  );
}

async function moments(api, options) {
  const say = (role, what, { available }) => console.log(`${role}: ${what}, ${available} available`);
  for (const role of options.roles) {
    if (options.advance !== undefined) {
      const { now, balance } = await advance(api, role, options.advance);
      say(role, `the clock is at ${now}`, balance);
    }
    if (options['go-low']) say(role, 'gone low', await goLow(api, role));
    if (options.deplete) say(role, 'depleted', await deplete(api, role));
    if (options.refill !== null) say(role, `refilled with ${options.refill}`, await refill(api, role, options.refill));
  }
}

async function describeBalances(api, roles) {
  const accounts = await Promise.all(roles.map((role) => readAccount(api, role)));
  return accounts.map(({ name, balance }) => `${name} ${balance.available}+${balance.held}`).join(', ');
}

async function traffic(api, tally, options) {
  const refilling = new Map();
  const onShort = async (role) => {
    if (options.refill === null) return;
    if (!refilling.has(role))
      refilling.set(
        role,
        refill(api, role, options.refill).finally(() => refilling.delete(role)),
      );
    await refilling.get(role);
  };
  const studio = new Studio(api, tally, onShort);
  const underWay = new Set();
  let isStopped = false;
  process.once('SIGINT', () => (isStopped = true));
  process.once('SIGTERM', () => (isStopped = true));

  const startedAt = performance.now();
  const endsAt = options.seconds === 0 ? Infinity : startedAt + options.seconds * 1000;
  let begun = 0;
  let balances = await describeBalances(api, options.roles);
  const report = setInterval(() => {
    const second = Math.round((performance.now() - startedAt) / 1000);
    console.log(`${String(second).padStart(4)} s ${tally.takeSecond(underWay.size, balances)}`);
    void describeBalances(api, options.roles).then(
      (text) => (balances = text),
      (error) => tally.failed(error),
    );
  }, 1000);

  while (!isStopped && performance.now() < endsAt) {
    const due = Math.floor(((performance.now() - startedAt) / 1000) * options.rate) + 1;
    while (begun < due) {
      begun += 1;
      // While too many works are unfinished no new one is begun, so that a slow server is not overloaded.
      if (underWay.size >= UNDER_WAY_MAX) continue;
      const work = studio.run(options.shares[begun % options.shares.length]).finally(() => underWay.delete(work));
      underWay.add(work);
    }
    const nextMs = (begun / options.rate) * 1000 - (performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, Math.min(100, Math.max(1, nextMs))));
  }
  await Promise.all(underWay);
  clearInterval(report);
}

const options = readOptions();
const tally = new Tally();
const api = new Api(options.url, tally);
try {
  await api.session('operator');
} catch (error) {
  fail(
    error.name === 'Unexpected'
      ? error.message
      : `There is no server at ${options.url}: start one with npm start, or say --url.`,
  );
}
try {
  await moments(api, options);
  if (options.hasTraffic) {
    await traffic(api, tally, options);
    tally.print();
    console.log(`\nbalances, available + held: ${await describeBalances(api, options.roles)}`);
  }
} catch (error) {
  tally.failed(error);
}
process.exitCode = tally.unexpected > 0 ? 1 : 0;
