import { createAnnouncer } from './announcer.js';

/** A clock that is said, and what was spoken when. */
function stage() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const spoken: [number, string][] = [];
  const announcer = createAnnouncer((sentence) => spoken.push([now, sentence]), {
    now: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
  });
  const pass = (to: number): void => {
    for (;;) {
      const due = timers.filter((each) => each.at <= to).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      timers = timers.filter((each) => each !== due);
      now = due.at;
      due.run();
    }
    now = to;
  };
  return { announcer, spoken, pass };
}

test('two hundred updates in a minute are at most three sentences, and the last one is the last word', () => {
  const { announcer, spoken, pass } = stage();
  for (let update = 0; update < 200; update++) {
    pass(update * 300);
    announcer.later(`${1_000 - update} credits available.`);
  }
  pass(60_000);
  expect(spoken.length).toBeLessThanOrEqual(3);
  pass(120_000);
  expect(spoken.at(-1)).toEqual([60_000, '801 credits available.']);
});

test('a threshold is said at once, and replaces what waited', () => {
  const { announcer, spoken, pass } = stage();
  announcer.later('62 credits available.');
  pass(1_000);
  announcer.later('12 credits available.');
  announcer.now('Your credits run low.');
  pass(120_000);
  expect(spoken).toEqual([
    [0, '62 credits available.'],
    [1_000, 'Your credits run low.'],
  ]);
});

test('there and back within the wait says nothing', () => {
  const { announcer, spoken, pass } = stage();
  announcer.later('62 credits available.');
  pass(1_000);
  announcer.later('57 credits available.');
  pass(2_000);
  announcer.later('62 credits available.');
  pass(60_000);
  expect(spoken).toHaveLength(1);
});
