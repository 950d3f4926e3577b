import fc from 'fast-check';
import { createCoalescer } from './coalesce.js';

type Item = { id: string; version: number; history: string };

const at = (id: string, version: number, history = 'hist_1'): Item => ({ id, version, history });

test('a burst becomes one write a turn, with the newest of each id', () => {
  const turns: (() => void)[] = [];
  const written: Item[][] = [];
  const add = createCoalescer<Item>(
    (items) => written.push(items),
    (run) => turns.push(run),
  );
  for (let version = 1; version <= 500; version++) add(at('a', version));
  add(at('a', 3));
  add(at('b', 1));
  expect(turns).toHaveLength(1);
  turns.shift()?.();
  expect(written).toEqual([[at('a', 500), at('b', 1)]]);
  add(at('a', 501));
  turns.shift()?.();
  expect(written[1]).toEqual([at('a', 501)]);
});

test('in any order and with turns anywhere, the newest of each id is written and nothing is written twice', () => {
  const item = fc.record({
    id: fc.constantFrom('a', 'b'),
    version: fc.integer({ min: 1, max: 50 }),
    history: fc.constant('hist_1'),
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(item, fc.constant('turn' as const))), (steps) => {
      const turns: (() => void)[] = [];
      const written: Item[] = [];
      const add = createCoalescer<Item>(
        (items) => written.push(...items),
        (run) => turns.push(run),
      );
      for (const step of steps) {
        if (step === 'turn') turns.shift()?.();
        else add(step);
      }
      turns.shift()?.();
      expect(turns).toHaveLength(0);
      for (const id of ['a', 'b']) {
        const sent = steps.filter((step) => step !== 'turn').filter((step) => step.id === id);
        const newest = Math.max(0, ...sent.map((step) => step.version));
        expect(Math.max(0, ...written.filter((each) => each.id === id).map((each) => each.version))).toBe(newest);
      }
    }),
  );
});

test('a lower version of another history takes the place of what waits', () => {
  const written: Item[][] = [];
  let turn = (): void => undefined;
  const add = createCoalescer<Item>(
    (items) => written.push(items),
    (run) => (turn = run),
  );
  add(at('a', 53));
  add(at('a', 50, 'hist_2'));
  turn();
  expect(written).toEqual([[at('a', 50, 'hist_2')]]);
});
