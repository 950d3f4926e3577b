import { Seldom } from './seldom.js';

test('the first is told at once, the next after the while, with how many there were between', () => {
  let now = 0;
  const seldom = new Seldom(10_000, () => now);
  expect(seldom.admit('expired')).toBe(0);
  for (now = 1; now < 1_000; now++) expect(seldom.admit('expired')).toBeNull();
  expect(seldom.admit('signature')).toBe(0);
  now = 10_000;
  expect(seldom.admit('expired')).toBe(999);
  expect(seldom.admit('expired')).toBeNull();
  now = 20_000;
  expect(seldom.admit('expired')).toBe(1);
});

test('kinds without end take no memory without end', () => {
  const seldom = new Seldom();
  for (let kind = 0; kind < 5_000; kind++) expect(seldom.admit(`kind ${kind}`)).toBe(0);
});
