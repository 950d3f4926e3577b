import { parse } from 'graphql';
import { DocumentCache } from './document-cache.js';

const text = (name: number): string => `query P${name} { viewer { ${'id '.repeat(95)} } }`;

test('documents are found by their text and by their hash, and the ones unused longest make room by weight', () => {
  const cache = new DocumentCache(1_000_000);
  for (let name = 0; name < 1_000; name++) {
    cache.keep(parse(text(name)), `hash ${name}`);
    // Used again and again.
    expect(cache.find(text(0)) === cache.findHash('hash 0')).toBe(true);
  }
  expect(cache.bytes).toBeGreaterThan(900_000);
  expect(cache.bytes).toBeLessThanOrEqual(1_000_000);
  expect(cache.find(text(0))?.loc?.source.body).toBe(text(0));
  expect(cache.findHash('hash 999')?.loc?.source.body).toBe(text(999));
  expect(cache.find(text(1)) === undefined && cache.findHash('hash 1') === undefined).toBe(true);
});

test('what a document’s recipes weigh counts with it', () => {
  const cache = new DocumentCache(1_000_000);
  const [first, second] = [parse(text(1)), parse(text(2))];
  cache.keep(first, null);
  cache.keep(second, 'second');
  const before = cache.bytes;
  cache.grow(first, 10_000);
  expect(cache.bytes).toBe(before + 10_000);
  cache.grow(parse(text(3)), 10_000);
  expect(cache.bytes).toBe(before + 10_000);
  cache.grow(first, 900_000);
  expect(cache.find(text(1)) === first).toBe(true);
  expect(cache.findHash('second') === undefined).toBe(true);
  cache.grow(first, 10_000_000);
  expect(cache.bytes).toBe(0);
});

test('the other door’s hash leads to the document that is kept', () => {
  const cache = new DocumentCache();
  const [kept, again] = [parse(text(1)), parse(text(1))];
  cache.keep(kept, null);
  const bytes = cache.bytes;
  cache.keep(again, 'hash');
  expect(cache.findHash('hash') === kept).toBe(true);
  expect(cache.bytes).toBe(bytes);
});

test('a document of more than 10,000 characters is not kept', () => {
  const cache = new DocumentCache();
  cache.keep(parse(`{ viewer(name: "${'x'.repeat(10_000)}") }`), 'long');
  expect([cache.bytes, cache.findHash('long')]).toEqual([0, undefined]);
});
