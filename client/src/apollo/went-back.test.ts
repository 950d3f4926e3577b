import { createFreshnessStore } from './freshness.js';
import { watchForBack } from './went-back.js';

const at = (version: number, history = 'hist_1', id = 'a') => ({ id, version, history });

function watched() {
  const freshness = createFreshnessStore(0, false);
  freshness.send({ type: 'proven', at: 1 });
  const backs: number[] = [];
  const watch = watchForBack(freshness, () => backs.push(1));
  return { freshness, backs, watch };
}

test('a lower number after the link was lost says that the database went back, once', () => {
  const { freshness, backs, watch } = watched();
  watch.told(at(53));
  freshness.send({ type: 'lost', at: 2 });
  watch.told(at(50));
  expect(backs).toHaveLength(1);
  watch.told(at(51));
  expect(backs).toHaveLength(1);
});

test('an equal or higher number after a loss, or a lower one of another history or another balance, says nothing', () => {
  const { freshness, backs, watch } = watched();
  watch.told(at(53));
  freshness.send({ type: 'lost', at: 2 });
  watch.told(at(53));
  watch.told(at(1, 'hist_1', 'b'));
  freshness.send({ type: 'proven', at: 3 });
  freshness.send({ type: 'lost', at: 4 });
  watch.told(at(50, 'hist_2'));
  expect(backs).toEqual([]);
});

test('while the link stands an older number is one that came late', () => {
  const { backs, watch } = watched();
  watch.told(at(53));
  watch.told(at(52));
  expect(backs).toEqual([]);
});

test.each(['paused', 'offline'] as const)(
  'a lower number after the link was %s says that the database went back',
  (end) => {
    const { freshness, backs, watch } = watched();
    watch.told(at(53));
    freshness.send({ type: end, at: 2 });
    if (end === 'paused') freshness.send({ type: 'resumed', at: 3 });
    watch.told(at(50));
    watch.told(at(49));
    expect(backs).toHaveLength(1);
  },
);
