import {
  type CommittedWork,
  isAnomaly,
  keptHours,
  type LoadedCommits,
  mayTellAgain,
  type SpentHour,
  topSpender,
  usualBefore,
} from './spending.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The hour that is judged. */
const JUDGED = Date.UTC(2026, 2, 31, 12);

/** Hours with spend: `[days before the judged hour, credits]`, at noon; several of one day follow each other. */
function hours(...months: readonly (readonly [daysBefore: number, ...credits: number[]])[]): SpentHour[] {
  return months.flatMap(([daysBefore, ...credits]) =>
    credits.map((STANDARD, index) => ({ hour: JUDGED - daysBefore * DAY + index * HOUR, STANDARD, SCAN: 0 })),
  );
}

const every = (days: number, ...credits: number[]): SpentHour[] =>
  hours(...Array.from({ length: days }, (_, index) => [index + 1, ...credits] as const));

/*
 * name: the fourteen days before, what was spent in the judged hour, the allowance; what is usual, and whether it is told.
 */
test.each<[name: string, before: SpentHour[], spent: number, allowance: number, usual: number | null, told: boolean]>([
  ['steady: 2 hours of 20 on each of 14 days, now three times as much', every(14, 20, 20), 60, 500, 20, true],
  ['steady, now one credit less than three times', every(14, 20, 20), 59, 500, 20, false],
  ['bursts: a mean of 100 from hours of 10 and of 190', every(14, 10, 190), 299, 500, 100, false],
  ['bursts, now three times the mean', every(14, 10, 190), 300, 500, 100, true],
  [
    'idle: 24 hours of 20, all more than 14 days ago',
    hours([15, ...Array<number>(24).fill(20)]),
    900,
    500,
    null,
    false,
  ],
  [
    'idle for 13 days: 24 hours of 20 in the last moment that counts',
    hours([14, ...Array<number>(24).fill(20)]),
    60,
    500,
    20,
    true,
  ],
  ['new: 23 hours of 10', hours([2, ...Array<number>(23).fill(10)]), 900, 0, null, false],
  ['one hour older: 24 hours of 10', hours([2, ...Array<number>(24).fill(10)]), 50, 0, 10, true],
  ['small: 24 hours of 1, now 49', hours([2, ...Array<number>(24).fill(1)]), 49, 0, 1, false],
  ['small, now 50', hours([2, ...Array<number>(24).fill(1)]), 50, 0, 1, true],
  ['a large allowance: 5 % of 2,000 are 100', hours([2, ...Array<number>(24).fill(1)]), 99, 2_000, 1, false],
  ['a large allowance, now 5 % of it', hours([2, ...Array<number>(24).fill(1)]), 100, 2_000, 1, true],
  ['hours of the other type count for nothing', hours([2, ...Array<number>(23).fill(1), 0]), 100, 0, null, false],
])('%s', (_, before, spent, allowance, usual, told) => {
  const found = usualBefore(before, JUDGED, 'STANDARD');
  expect(found).toBe(usual);
  expect(isAnomaly(spent, found, allowance)).toBe(told);
});

test('an account is told again after 24 hours; hours are kept 15 days', () => {
  expect([null, JUDGED - DAY, JUDGED - DAY + 1].map((at) => mayTellAgain(at, JUDGED))).toEqual([true, true, false]);
  const [kept, gone] = [JUDGED - 15 * DAY, JUDGED - 15 * DAY - HOUR].map((hour) => ({ hour, STANDARD: 1, SCAN: 0 }));
  expect(keptHours([gone, kept] as SpentHour[], JUDGED)).toEqual([kept]);
});

function commits(works: readonly (readonly [work: CommittedWork, inThatHour: number])[]): LoadedCommits {
  const named = works.map(([work, amount], index) => ({ id: `r${index}`, work, amount }));
  return {
    since: 1,
    entries: named.map(({ id, amount }) => ({ reservationId: id, creditType: 'STANDARD', amount })),
    reservations: new Map(named.map(({ id, work }) => [id, work])),
  };
}

const work = (
  member: string,
  project: string | null,
  ...lines: readonly (readonly [string, number])[]
): CommittedWork => ({
  member,
  project,
  committed: lines.reduce((sum, [, committed]) => sum + committed, 0),
  lines: lines.map(([operation, committed]) => ({ operation, committed })),
});

test('who spent most is one member for one project by one operation, whatever each spent elsewhere', () => {
  const loaded = commits([
    [work('anna', 'film', ['image.long', 40], ['video.long', 30]), 70],
    [work('anna', 'shop', ['image.long', 35]), 35],
    [work('bert', 'film', ['image.long', 39]), 39],
    [work('bert', 'film', ['image.long', 2]), 2],
  ]);
  expect(topSpender(loaded, 'STANDARD')).toEqual({ member: 'bert', project: 'film', operation: 'image.long' });
  expect(topSpender(loaded, 'SCAN')).toEqual({ member: null, project: null, operation: null });
});

test('of a reservation whose parts lie in several hours only what was committed in that one counts', () => {
  const loaded = commits([
    [work('anna', null, ['video.long', 100]), 10],
    [work('bert', null, ['image.long', 20]), 20],
  ]);
  expect(topSpender(loaded, 'STANDARD')).toEqual({ member: 'bert', project: null, operation: 'image.long' });
});

test('among equals it is the first by name, in whatever order they were loaded', () => {
  const works = ['bert', 'anna', 'carl'].map((member) => [work(member, null, ['image.long', 5]), 5] as const);
  for (const order of [works, [...works].reverse()]) expect(topSpender(commits(order), 'STANDARD').member).toBe('anna');
});
