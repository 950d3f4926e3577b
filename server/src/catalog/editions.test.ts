import { createHash } from 'node:crypto';
import { readEditions } from './read-editions.js';

/**
 * What was released never changes: databases have it, and so have quotes and reservations. A new edition adds its digest here, an old
 * line stays. Whoever sees one fail puts the file back and says what is to be different in a new edition.
 */
const RELEASED: readonly string[] = ['14fc149ee418bd5a'];

const editions = await readEditions();

/** All that an edition says, whatever the order of its fields. */
function digestOf(edition: unknown): string {
  const sorted = JSON.stringify(edition, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex').slice(0, 16);
}

test.each(editions.map((edition) => [edition.number, edition] as const))(
  'edition %d says what it said when it was released',
  (number, edition) => {
    expect(digestOf(edition)).toBe(RELEASED[number - 1]);
  },
);

test('no released edition is gone', () => {
  expect(editions.map(({ number }) => number)).toEqual(RELEASED.map((_, index) => index + 1));
});

test('an edition names only what is there: new operations are new, changed and followed ones older', () => {
  const known = new Set<string>();
  for (const { operations = [], prices = {} } of editions) {
    for (const code of Object.keys(prices)) expect([code, known.has(code)]).toEqual([code, true]);
    for (const { code, after } of operations) {
      expect([code, known.has(code)]).toEqual([code, false]);
      if (after !== undefined) expect([after, known.has(after)]).toEqual([after, true]);
      known.add(code);
    }
  }
});
