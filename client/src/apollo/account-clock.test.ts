import { createAccountClock, stepMs } from './account-clock.js';

const noon = Date.parse('2026-11-22T12:00:00.000Z');

/** A clock over a time that is said. */
function stage() {
  let now = 5_000;
  let timers: { ms: number; run: () => void }[] = [];
  const clock = createAccountClock({
    now: () => now,
    every: (ms, run) => {
      const timer = { ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
  });
  let changes = 0;
  const stop = clock.subscribe(() => changes++);
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= stepMs) {
      now += Math.min(left, stepMs);
      for (const timer of timers) timer.run();
    }
  };
  return { clock, pass, stop, changes: () => changes, timers: () => timers.length };
}

test('a live account’s clock runs on from what the server said, whatever the viewer’s machine believes', () => {
  const { clock, pass } = stage();
  expect(clock.read().now).toBeNull();
  clock.tell({ now: noon, wallClock: noon, runs: true });
  pass(3_600_000);
  expect(clock.read()).toEqual({ now: noon + 3_600_000, isAhead: false });
});

test('a test clock stands still between moves, and a told move is shown at once', () => {
  const { clock, pass, changes } = stage();
  clock.tell({ now: noon, wallClock: noon, runs: false });
  pass(60_000);
  expect([clock.read().now, changes()]).toEqual([noon, 1]);
  clock.tell({ now: noon + 86_400_000, wallClock: noon + 60_000, runs: false });
  expect([clock.read(), changes()]).toEqual([{ now: noon + 86_400_000, isAhead: true }, 2]);
});

test('a test clock that is moved along with the wall clock is shown in steps, and is not ahead', () => {
  const { clock, changes } = stage();
  for (let second = 0; second <= 60; second += 2)
    clock.tell({ now: noon + second * 1_000, wallClock: noon + second * 1_000 + 300, runs: false });
  expect(clock.read()).toEqual({ now: noon + 60_000, isAhead: false });
  expect(changes()).toBeLessThanOrEqual(8);
});

test('what an answer carries only moves it on; what the live link says is believed, also when it is earlier', () => {
  const { clock } = stage();
  clock.atLeast(noon, false);
  clock.atLeast(noon - 60_000, false);
  expect(clock.read().now).toBe(noon);
  clock.tell({ now: noon - 3_600_000, wallClock: noon, runs: false });
  expect(clock.read().now).toBe(noon - 3_600_000);
});

test('while nobody looks no timer runs', () => {
  const { stop, timers } = stage();
  expect(timers()).toBe(1);
  stop();
  expect(timers()).toBe(0);
});
