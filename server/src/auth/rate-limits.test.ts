import type { Caller } from './caller.js';
import { RateLimits } from './rate-limits.js';

const user = { kind: 'user', id: 'ada' } as Caller;
const service = { kind: 'service', id: 'key_1' } as Caller;
const limits = () =>
  new RateLimits({
    serviceOperationsPerSecond: 10,
    userOperationsPerSecond: 2,
    accountOperationsPerSecond: 5,
    purchasesPerMinute: 60,
    failedLoginsPerMinute: 3,
    anonymousPerMinute: 4,
  });

async function admitted(times: number, once: () => Promise<void>): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: times }, once));
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') {
      expect(outcome.reason).toMatchObject({ code: 'RATE_LIMITED' });
      expect(outcome.reason.extensions.retryAfterMs).toBeGreaterThan(0);
    }
  }
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

test.each<[string, number, (limit: RateLimits) => Promise<void>]>([
  ['a user', 2, (limit) => limit.admitRequest(user)],
  ['a service', 10, (limit) => limit.admitRequest(service)],
  ['an address without a credential', 4, (limit) => limit.admitAnonymous('10.0.0.1', 100)],
  ['an account', 5, (limit) => limit.admitAccount('a')],
  ['failed logins of an address', 3, (limit) => limit.countFailedLogin('10.0.0.1')],
])('%s is let through %i times, then told when to come back', async (_who, most, once) => {
  const limit = limits();
  expect(await admitted(20, () => once(limit))).toBe(most);
});

test('callers, accounts and addresses are counted apart', async () => {
  const limit = limits();
  expect(await admitted(3, () => limit.admitRequest(user))).toBe(2);
  expect(await admitted(3, () => limit.admitRequest({ ...user, id: 'grace' }))).toBe(2);
  expect(await admitted(3, () => limit.admitRequest({ ...service, id: 'ada' }))).toBe(3);
  expect(await admitted(9, () => limit.admitAnonymous('10.0.0.2', 100))).toBe(4);
  expect(await admitted(9, () => limit.countFailedLogin('10.0.0.2'))).toBe(3);
});

test('a request with several operations counts each', async () => {
  const limit = limits();
  await limit.admitRequest(service, 8);
  expect(await admitted(1, () => limit.admitRequest(service, 3))).toBe(0);
});

test('by default an integrator may do more than 5,000 operations a second', async () => {
  const limit = new RateLimits();
  expect(await admitted(6000, () => limit.admitRequest(service))).toBe(6000);
  expect(await admitted(6000, () => limit.admitAccount('a'))).toBe(6000);
});

test('what carries no operation counts as one', async () => {
  const limit = limits();
  expect(await admitted(5, () => limit.admitRequest(user, 0))).toBe(2);
});

test('a request without a credential counts once for each kB', async () => {
  const limit = limits();
  await limit.admitAnonymous('10.0.0.1', 3_000);
  await limit.admitAnonymous('10.0.0.1', 1_024);
  expect(await admitted(1, () => limit.admitAnonymous('10.0.0.1', 1))).toBe(0);
  expect(await admitted(1, () => limit.admitAnonymous('10.0.0.2', 4_097))).toBe(0);
});

test('strangers of many addresses together are let through twenty times as often as those of one', async () => {
  const limit = limits();
  let address = 0;
  expect(await admitted(200, () => limit.admitAnonymous(`10.0.0.${++address}`, 100))).toBe(80);
  expect(await admitted(1, () => limit.admitRequest(service))).toBe(1);
});

test('of too many addresses the first are forgotten, not kept for ever', async () => {
  const limit = limits();
  for (let times = 0; times < 3; times++) await limit.countFailedLogin('first');
  expect(await admitted(1, () => limit.admitLookUp('first'))).toBe(0);
  for (let address = 0; address < 20_000; address++) await limit.countFailedLogin(`2001:db8:0:${address}::/64`);
  expect(await admitted(1, () => limit.admitLookUp('first'))).toBe(1);
});
