import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLEnumType } from 'graphql';
import type { EventType } from '../../gql/warnings.js';
import { typesOf } from './events.js';
import { wordsOf } from './event-words.js';

const schema = buildSchema(readFileSync(new URL('../../../../schema.graphql', import.meta.url), 'utf8'));
const known = schema.getType('EventType');
const types = known instanceof GraphQLEnumType ? known.getValues().map(({ name }) => name as EventType) : [];

test('every kind of event that the server tells of has words of its own, and is found by a filter', () => {
  expect(types.length).toBeGreaterThan(15);
  const titles = types.map((type) => wordsOf({ type, level: 'LOW', creditType: 'STANDARD' }).title);
  expect(new Set(titles).size).toBe(types.length);
  expect(titles).not.toContain('Something happened');
  const found = new Set(Object.values(typesOf).flatMap((some) => some ?? []));
  expect(types.filter((type) => !found.has(type))).toEqual([]);
});
