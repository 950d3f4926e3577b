import { createFreshnessStore, nextFreshness, outageOf, showFreshness, startFreshness } from './freshness.js';
import type { FreshnessEvent, ShownFreshness } from './freshness.js';

/** Plays events and looks at the end: `[at, event]`, then the time of looking. */
function shown(events: [number, FreshnessEvent['type']][], lookAt: number, isPaused = false): ShownFreshness {
  const state = events.reduce((each, [at, type]) => nextFreshness(each, { type, at }), startFreshness(0, isPaused));
  return showFreshness(state, lookAt);
}

test.each<[string, [number, FreshnessEvent['type']][], number, ShownFreshness]>([
  ['before the first value it is connecting', [], 500, { kind: 'connecting' }],
  ['a server that never answers is called stale after ten seconds', [], 10_000, { kind: 'stale', since: 0 }],
  ['a value makes it live', [[300, 'proven']], 9_000_000, { kind: 'live' }],
  [
    'a drop of less than a second is no flicker',
    [
      [300, 'proven'],
      [5_000, 'lost'],
    ],
    5_900,
    { kind: 'live' },
  ],
  [
    'from a second on it says reconnecting',
    [
      [4_000, 'proven'],
      [5_000, 'lost'],
    ],
    6_000,
    { kind: 'reconnecting', since: 4_000 },
  ],
  [
    'ten seconds after the last proof it is stale since that proof',
    [
      [4_000, 'proven'],
      [11_000, 'lost'],
    ],
    14_000,
    { kind: 'stale', since: 4_000 },
  ],
  [
    'an answered ping is a proof while live',
    [
      [4_000, 'proven'],
      [9_000, 'answered'],
      [11_000, 'lost'],
    ],
    14_000,
    { kind: 'reconnecting', since: 9_000 },
  ],
  [
    'an answer without a value does not make lost numbers live',
    [
      [4_000, 'proven'],
      [5_000, 'lost'],
      [6_000, 'answered'],
    ],
    7_000,
    { kind: 'reconnecting', since: 4_000 },
  ],
  [
    'a value after a loss is live at once',
    [
      [4_000, 'proven'],
      [5_000, 'lost'],
      [6_000, 'proven'],
    ],
    6_000,
    { kind: 'live' },
  ],
  [
    'a second loss does not move the moment of the first',
    [
      [4_000, 'proven'],
      [5_000, 'lost'],
      [9_000, 'lost'],
    ],
    9_100,
    { kind: 'reconnecting', since: 4_000 },
  ],
  [
    'the machine’s word that it has no network counts at once',
    [
      [4_000, 'proven'],
      [5_000, 'offline'],
      [5_010, 'lost'],
    ],
    5_010,
    { kind: 'offline', since: 4_000 },
  ],
  [
    'back on a network it is reconnecting at once, until a value proves the link',
    [
      [4_000, 'proven'],
      [5_000, 'offline'],
      [8_000, 'online'],
    ],
    8_000,
    { kind: 'reconnecting', since: 4_000 },
  ],
  [
    'a machine that is wrong about its network is live with the next value',
    [
      [4_000, 'proven'],
      [5_000, 'offline'],
      [5_200, 'proven'],
    ],
    5_200,
    { kind: 'live' },
  ],
  [
    'paused says since when the numbers stand',
    [
      [4_000, 'proven'],
      [5_000, 'paused'],
      [5_010, 'lost'],
    ],
    90_000,
    { kind: 'paused', since: 4_000 },
  ],
  [
    'resumed connects anew',
    [
      [4_000, 'proven'],
      [5_000, 'paused'],
      [60_000, 'resumed'],
    ],
    60_500,
    { kind: 'connecting' },
  ],
])('%s', (_name, events, lookAt, expected) => {
  expect(shown(events, lookAt)).toEqual(expected);
});

test('an outage has one cause and an age; connecting and paused are none', () => {
  expect(outageOf({ kind: 'offline', since: 1 })).toEqual({ cause: 'offline', since: 1 });
  expect(outageOf({ kind: 'reconnecting', since: 2 })).toEqual({ cause: 'server', since: 2 });
  expect(outageOf({ kind: 'stale', since: 3 })).toEqual({ cause: 'server', since: 3 });
  for (const none of [{ kind: 'live' }, { kind: 'connecting' }, { kind: 'paused', since: 1 }] as const)
    expect(outageOf(none)).toBeNull();
});

test('a kept pause holds from the start', () => {
  expect(shown([], 5_000, true)).toEqual({ kind: 'paused', since: 0 });
  expect(shown([[6_000, 'proven']], 6_000, true)).toEqual({ kind: 'paused', since: 0 });
});

test('proofs while live wake nobody', () => {
  const store = createFreshnessStore(0, false);
  let woken = 0;
  store.subscribe(() => woken++);
  for (let at = 1; at <= 100; at++) store.send({ type: 'proven', at });
  expect(woken).toBe(1);
  store.send({ type: 'lost', at: 101 });
  expect(woken).toBe(2);
});

test.each(['lost', 'offline', 'paused'] as const)(
  'what arrived before the link was %s proves nothing after it',
  (end) => {
    const store = createFreshnessStore(0, false);
    const { epoch } = store.read();
    store.send({ type: end, at: 1 });
    if (end === 'paused') store.send({ type: 'resumed', at: 2 });
    store.send({ type: 'proven', at: 3, epoch });
    expect(store.read().phase).not.toBe('live');
    store.send({ type: 'proven', at: 4, epoch: store.read().epoch });
    expect(store.read()).toMatchObject({ phase: 'live', provenAt: 4 });
  },
);
