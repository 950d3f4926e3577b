import { validate, version } from 'uuid';
import { nextUuid } from './next-uuid.js';

test('ten thousand ids are UUIDv7, grow, and begin with the time', () => {
  const before = Date.now();
  const ids = Array.from({ length: 10_000 }, nextUuid);
  const timeOf = (id: string) => Number.parseInt(id.replace('-', '').slice(0, 12), 16);
  expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(timeOf(ids[0] ?? '')).toBeGreaterThanOrEqual(before);
  expect(timeOf(ids.at(-1) ?? '')).toBeLessThanOrEqual(Date.now() + 10);
});

test('two ids of one millisecond do not tell each other', () => {
  const randoms = Array.from({ length: 1_000 }, () => nextUuid().slice(-12));
  expect(new Set(randoms).size).toBe(1_000);
});
