import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { boundary, dayAt, dayRange, canonicalTimeZone, periodAt, weekRange } from './periods.js';

const at = (text: string): number => Date.parse(text);
const iso = (instant: number): string => new Date(instant).toISOString().replace('.000', '');

describe('boundaries', () => {
  test.each<[string, string, string, [number, string][]]>([
    [
      'the 31st comes back after short months',
      '2023-01-31T10:00:00Z',
      'UTC',
      [
        [0, '2023-01-31T10:00:00Z'],
        [1, '2023-02-28T10:00:00Z'],
        [2, '2023-03-31T10:00:00Z'],
        [3, '2023-04-30T10:00:00Z'],
        [13, '2024-02-29T10:00:00Z'],
        [14, '2024-03-31T10:00:00Z'],
      ],
    ],
    [
      'a leap day',
      '2024-02-29T00:00:00Z',
      'UTC',
      [
        [1, '2024-03-29T00:00:00Z'],
        [12, '2025-02-28T00:00:00Z'],
        [48, '2028-02-29T00:00:00Z'],
      ],
    ],
    [
      '2000 and 2100: the century with and without a leap day',
      '2000-01-30T00:00:00Z',
      'UTC',
      [
        [1, '2000-02-29T00:00:00Z'],
        [1201, '2100-02-28T00:00:00Z'],
        [2388, '2199-01-30T00:00:00Z'],
      ],
    ],
    [
      'Berlin: the local time stays over clock changes',
      '2024-01-15T09:00:00Z',
      'Europe/Berlin',
      [
        [2, '2024-03-15T09:00:00Z'],
        [3, '2024-04-15T08:00:00Z'],
        [10, '2024-11-15T09:00:00Z'],
      ],
    ],
    ['Berlin: a skipped 02:30 becomes 03:30', '2024-01-31T01:30:00Z', 'Europe/Berlin', [[2, '2024-03-31T01:30:00Z']]],
    ['Berlin: a doubled 02:30 is the first', '2024-08-27T00:30:00Z', 'Europe/Berlin', [[2, '2024-10-27T00:30:00Z']]],
    [
      'New York: a skipped 02:30 becomes 03:30',
      '2024-02-10T07:30:00Z',
      'America/New_York',
      [[1, '2024-03-10T07:30:00Z']],
    ],
    [
      'New York: a doubled 01:30 is the first',
      '2024-10-03T05:30:00Z',
      'America/New_York',
      [[1, '2024-11-03T05:30:00Z']],
    ],
    ['Lord Howe: a gap of half an hour', '2024-09-05T15:45:00Z', 'Australia/Lord_Howe', [[1, '2024-10-05T15:45:00Z']]],
    [
      'Lord Howe: a doubled half hour is the first',
      '2024-03-06T14:45:00Z',
      'Australia/Lord_Howe',
      [[1, '2024-04-06T14:45:00Z']],
    ],
    [
      'Apia: a skipped day moves forward by a day',
      '2011-11-30T20:00:00Z',
      'Pacific/Apia',
      [[1, '2011-12-30T20:00:00Z']],
    ],
    [
      'an anchor in the second of two equal hours stays where it is',
      '2024-11-03T06:30:00Z',
      'America/New_York',
      [[0, '2024-11-03T06:30:00Z']],
    ],
  ])('%s', (_name, anchor, timeZone, boundaries) => {
    for (const [months, expected] of boundaries)
      expect(iso(boundary(at(anchor), months, timeZone))).toBe(iso(at(expected)));
  });

  test('an unknown zone is refused', () => {
    expect(() => boundary(0, 1, 'Mars/Olympus')).toThrow(RangeError);
  });
});

/** What the calendar of Temporal says, the day clamped and the clock as `compatible` has it. */
function byTemporal(anchor: number, months: number, timeZone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(anchor).toZonedDateTimeISO(timeZone).toPlainDateTime();
  const moved = local.toPlainDate().add({ months }, { overflow: 'constrain' }).toPlainDateTime(local.toPlainTime());
  return moved.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}

const ZONES = [
  'UTC',
  'Europe/Amsterdam',
  'America/Sao_Paulo',
  'America/New_York',
  'Asia/Kolkata',
  'Pacific/Apia',
  'Australia/Lord_Howe',
];

describe('24 boundaries each', () => {
  // From a year before a leap day, and over the years in which these zones changed their clocks, at midnight and amid a gap.
  test.each(ZONES.flatMap((zone) => [28, 29, 30, 31].map((day) => [zone, day] as const)))(
    'in %s for anchors on the %d. are those of Temporal',
    (timeZone, day) => {
      const instants = ['2011-01', '2017-10', '2023-01', '2024-01'].flatMap((month) =>
        ['00:00', '02:30', '23:59'].map(
          (time) => Temporal.PlainDateTime.from(`${month}-${day}T${time}`).toZonedDateTime(timeZone).epochMilliseconds,
        ),
      );
      const months = Array.from({ length: 24 }, (_, number) => number + 1);
      for (const anchor of instants)
        expect(months.map((number) => iso(boundary(anchor, number, timeZone)))).toEqual(
          months.map((number) => iso(byTemporal(anchor, number, timeZone))),
        );
    },
  );
});

const zoneNames = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Asia/Kathmandu',
  'Africa/Casablanca',
);
const instants = fc.integer({ min: at('2000-01-01T00:00:00Z'), max: at('2190-01-01T00:00:00Z') });

describe('periods', () => {
  test.each([
    ['2024-01-31T00:00:00Z', 0, '2024-01-31T00:00:00Z', [0, '2024-01-31T00:00:00Z', '2024-02-29T00:00:00Z']],
    ['2024-01-31T00:00:00Z', 0, '2024-02-28T23:59:59.999Z', [0, '2024-01-31T00:00:00Z', '2024-02-29T00:00:00Z']],
    ['2024-01-31T00:00:00Z', 0, '2024-02-29T00:00:00Z', [1, '2024-02-29T00:00:00Z', '2024-03-31T00:00:00Z']],
    ['2024-01-31T00:00:00Z', 7, '2024-05-01T00:00:00Z', [10, '2024-04-30T00:00:00Z', '2024-05-31T00:00:00Z']],
  ])('of the anchor %s with number %d, at %s', (anchor, anchorPeriod, now, [number, start, end]) => {
    expect(periodAt(at(anchor), anchorPeriod, at(now), 'UTC')).toEqual({
      number,
      start: at(start as string),
      end: at(end as string),
    });
  });

  test('none before the anchor', () => {
    expect(() => periodAt(1_000, 0, 999, 'UTC')).toThrow(RangeError);
    expect(() => periodAt(1_000, 0, NaN, 'UTC')).toThrow(RangeError);
  });

  test('boundaries only grow, and the period at a boundary is the one that starts there', () => {
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 0, max: 120 }),
        fc.nat(50),
        zoneNames,
        (anchor, months, first, timeZone) => {
          const start = boundary(anchor, months, timeZone);
          const end = boundary(anchor, months + 1, timeZone);
          expect(end - start).toBeGreaterThan(27 * 86_400_000);
          expect(periodAt(anchor, first, start, timeZone)).toEqual({ number: first + months, start, end });
          expect(periodAt(anchor, first, end - 1, timeZone).number).toBe(first + months);
          expect(periodAt(anchor, first, end, timeZone).start).toBe(end);
        },
      ),
    );
  });
});

describe('days', () => {
  test.each([
    ['2024-03-30T23:30:00Z', 'Europe/Berlin', '2024-03-31', '2024-03-30T23:00:00Z', '2024-03-31T22:00:00Z'],
    ['2024-10-27T12:00:00Z', 'Europe/Berlin', '2024-10-27', '2024-10-26T22:00:00Z', '2024-10-27T23:00:00Z'],
    ['2024-01-01T00:00:00Z', 'America/New_York', '2023-12-31', '2023-12-31T05:00:00Z', '2024-01-01T05:00:00Z'],
    ['2011-12-30T09:59:59Z', 'Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', '2011-12-30T10:00:00Z'],
    ['2011-12-30T10:00:00Z', 'Pacific/Apia', '2011-12-31', '2011-12-30T10:00:00Z', '2011-12-31T10:00:00Z'],
    // Clocks go forward at midnight: the day starts at 01:00.
    ['2018-11-04T03:00:00Z', 'America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00Z', '2018-11-05T02:00:00Z'],
    // Clocks go back at 00:01, so 23:01 to 24:00 comes again after midnight; it belongs to the new day.
    ['2009-11-01T03:00:00Z', 'America/St_Johns', '2009-11-01', '2009-11-01T02:30:00Z', '2009-11-02T03:30:00Z'],
  ])('%s in %s is %s', (now, timeZone, day, start, end) => {
    expect(dayAt(at(now), timeZone)).toBe(day);
    expect(dayRange(day, timeZone)).toEqual({ start: at(start), end: at(end) });
  });

  test('a skipped day is empty', () => {
    const { start, end } = dayRange('2011-12-30', 'Pacific/Apia');
    expect(start).toBe(end);
  });

  test('are half-open, leave no gap, and the order of questions does not matter', () => {
    fc.assert(
      fc.property(
        instants,
        fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 8 }),
        zoneNames,
        (now, steps, timeZone) => {
          for (const step of steps) {
            const then = now + step * 43_200_000;
            const day = dayAt(then, timeZone);
            const { start, end } = dayRange(day, timeZone);
            expect(start <= then && then < end).toBe(true);
            expect(dayAt(start, timeZone)).toBe(day);
            expect(dayAt(end - 1, timeZone)).toBe(day);
            expect(dayRange(dayAt(end, timeZone), timeZone).start).toBe(end);
            expect(dayAt(end, timeZone) > day).toBe(true);
          }
        },
      ),
    );
  });

  test('weeks start on Monday', () => {
    const week = { start: at('2024-10-20T22:00:00Z'), end: at('2024-10-27T23:00:00Z') };
    expect(weekRange('2024-10-21', 'Europe/Berlin')).toEqual(week);
    expect(weekRange('2024-10-27', 'Europe/Berlin')).toEqual(week);
    expect(weekRange('2024-10-28', 'Europe/Berlin').start).toBe(week.end);
  });

  test.each(['2024-02-30', '2024-1-1', '2024-01-01T00:00', '20240101', 'yesterday', ''])('%j is no day', (day) => {
    expect(() => dayRange(day, 'UTC')).toThrow(RangeError);
  });
});

test.each([
  ['UTC', 'UTC'],
  ['utc', 'UTC'],
  ['Europe/Berlin', 'Europe/Berlin'],
  ['europe/berlin', 'Europe/Berlin'],
  ['AMERICA/ARGENTINA/BUENOS_AIRES', 'America/Argentina/Buenos_Aires'],
  ['america/port-au-prince', 'America/Port-au-Prince'],
  ['etc/gmt+5', 'Etc/GMT+5'],
  ['asia/kolkata', 'Asia/Kolkata'],
  ['Asia/Calcutta', 'Asia/Calcutta'],
  ['us/eastern', 'US/Eastern'],
  ['Mars/Olympus', null],
  ['+01:00', null],
  ['', null],
  ['Europe/Berlin ', null],
])('%j is the time zone %j', (name, expected) => {
  expect(canonicalTimeZone(name)).toBe(expected);
});

const OF_ICU_ALONE =
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST SystemV/AST4';

test.each(OF_ICU_ALONE.split(' ').flatMap((name) => [name, name.toLowerCase()]))(
  '%s, which only ICU knows, is no time zone',
  (name) => {
    expect(canonicalTimeZone(name)).toBeNull();
  },
);

test('every zone that this server lists is known in any spelling, and the calendar can compute with it', () => {
  for (const name of Intl.supportedValuesOf('timeZone')) {
    expect(canonicalTimeZone(name.toLowerCase())).toBe(name);
    expect(boundary(0, 1, name)).toBeGreaterThan(0);
  }
});

describe('24 boundaries from the last days of a month', () => {
  const zones = [
    'UTC',
    'Europe/Amsterdam',
    'America/Sao_Paulo',
    'America/New_York',
    'Asia/Kolkata',
    'Pacific/Apia',
    'Australia/Lord_Howe',
  ];
  // 28th to 31st, also into a leap year, at an hour that clock changes skip and double in some of the zones.
  const anchors = ['2027-01-28T02:15', '2027-10-29T02:15', '2027-12-30T02:15', '2023-12-31T02:15', '2028-02-29T00:00'];

  /** The month counted by hand, its day clamped; only the local time of that day is asked of Temporal. */
  function byHand(local: Temporal.PlainDateTime, months: number, timeZone: string): number {
    const count = local.year * 12 + local.month - 1 + months;
    const [year, month] = [Math.floor(count / 12), (count % 12) + 1];
    const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
    const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
    const day = Math.min(local.day, days);
    const { hour, minute } = local;
    return Temporal.ZonedDateTime.from({ timeZone, year, month, day, hour, minute }, { disambiguation: 'compatible' })
      .epochMilliseconds;
  }

  test.each(zones.flatMap((zone) => anchors.map((anchor) => [zone, anchor] as const)))('%s from %s', (zone, anchor) => {
    const local = Temporal.PlainDateTime.from(anchor);
    const anchorAt = local.toZonedDateTime(zone).epochMilliseconds;
    const months = Array.from({ length: 24 }, (_, index) => index + 1);
    const expected = months.map((month) => byHand(local, month, zone));
    expect(months.map((month) => boundary(anchorAt, month, zone))).toEqual(expected);
    // The periods between them meet without a gap, and are found from any instant within.
    for (const [index, end] of expected.entries()) {
      const start = expected[index - 1] ?? anchorAt;
      for (const instant of [start, end - 1])
        expect(periodAt(anchorAt, 5, instant, zone)).toEqual({ number: 5 + index, start, end });
    }
  });
});
