import { createFreshnessStore, nextFreshness, showFreshness, startFreshness } from './freshness.js';
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
    { kind: 'reconnecting' },
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
    { kind: 'reconnecting' },
  ],
  [
    'an answer without a value does not make lost numbers live',
    [
      [4_000, 'proven'],
      [5_000, 'lost'],
      [6_000, 'answered'],
    ],
    7_000,
    { kind: 'reconnecting' },
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
    { kind: 'reconnecting' },
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
