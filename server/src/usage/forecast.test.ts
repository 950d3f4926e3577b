import { forecast } from './forecast.js';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 0, 15);
const each = (credits: number) => Array.from({ length: 14 }, () => credits);
const alternating = each(0).map((_, index) => (index % 2 === 0 ? 20 : 0));
const bursts = each(0).map((_, index) => (index % 5 === 0 ? 140 / 3 : 0));

/** Days from now; null: not before the reset. */
const daysOf = (at: number | null) => (at === null ? null : Math.round(((at - NOW) / DAY) * 100) / 100);

/*
 * By hand: burn is the sum of the 14 days / 14; out after available / burn days. Steady days have no band. Of days that are 20 or nothing, 100 credits
 * take 5 that are 20: of 1,000 futures a tenth has had them after 6 days (7 of 64), nine tenths after 14 (91 %).
 */
test.each<[string, readonly number[], number, number, object | null]>([
  ['steady', each(10), 50, 20, { burn: 10, out: 5, earliest: 5, latest: 5, lasts: false }],
  [
    'steady, and the reset comes first',
    each(10),
    50,
    5,
    { burn: 10, out: null, earliest: null, latest: null, lasts: true },
  ],
  ['twenty or nothing', alternating, 100, 30, { burn: 10, out: 10, earliest: 6, latest: 14, lasts: false }],
  [
    'the same, with a reset in 12 days',
    alternating,
    100,
    12,
    { burn: 10, out: 10, earliest: 6, latest: null, lasts: false },
  ],
  ['just reset', each(10), 500, 31, { burn: 10, out: null, earliest: null, latest: null, lasts: true }],
  ['nothing left', each(10), 0, 20, { burn: 10, out: 0, earliest: 0, latest: 0, lasts: false }],
  ['less than a day left', each(10), 5, 20, { burn: 10, out: 0.5, earliest: 0.5, latest: 0.5, lasts: false }],
  ['idle', each(0), 50, 20, null],
  ['a new account, two days old', [10, 10, ...each(0).slice(2)], 50, 20, null],
  ['three days old', [14, 14, 14, ...each(0).slice(3)], 30, 30, { burn: 3, out: 10 }],
])('%s', (_, days, available, resetInDays, wanted) => {
  const runway = forecast({
    days,
    available,
    now: NOW,
    resetAt: NOW + resetInDays * DAY,
    seed: 'an account 2026-01-15',
  });
  const shown = runway && {
    burn: runway.burnPerDay,
    out: daysOf(runway.runsOutAt),
    earliest: daysOf(runway.earliest),
    latest: daysOf(runway.latest),
    lasts: runway.lastsUntilReset,
  };
  if (wanted === null) expect(shown).toBeNull();
  else expect(shown).toMatchObject(wanted);
});

test('equal questions get equal answers, another seed another band around the same figure', () => {
  const ask = (seed: string) => forecast({ days: bursts, available: 123, now: NOW, resetAt: NOW + 300 * DAY, seed });
  expect(ask('one')).toEqual(ask('one'));
  const seeds = Array.from({ length: 20 }, (_, index) => ask(`seed ${index}`));
  expect(new Set(seeds.map((runway) => runway?.runsOutAt)).size).toBe(1);
  expect(new Set(seeds.map((runway) => `${runway?.earliest} ${runway?.latest}`)).size).toBeGreaterThan(3);
  for (const runway of seeds) {
    expect(runway?.earliest ?? 0).toBeLessThan(runway?.runsOutAt ?? 0);
    expect(runway?.latest ?? 0).toBeGreaterThan(runway?.runsOutAt ?? 0);
  }
});
