import { CombinedGraphQLErrors } from '@apollo/client';
import { notThere, readingOf } from './reading.js';
import { both } from '../ui/reading.js';
import type { Reading } from '../ui/reading.js';

type Account = { account: { name: string } | null };
const refused = new CombinedGraphQLErrors({ errors: [{ message: 'You may not see usage.' }] });

test.each([
  ['on its way', undefined, undefined, null, null],
  ['failed', undefined, refused, null, 'You may not see usage.'],
  ['there', { account: { name: 'Nord' } }, undefined, 'Nord', null],
  ['there, though asking anew failed', { account: { name: 'Nord' } }, refused, 'Nord', 'You may not see usage.'],
  ['an account that is not there', { account: null }, undefined, null, notThere()],
])('a query is read as %s', (_name, data, error, value, problem) => {
  const reading = readingOf<Account, string>(
    { data, error, refetch: () => Promise.resolve() },
    ({ account }) => account?.name,
  );
  expect([reading.value, reading.problem]).toEqual([value, problem]);
});

test('asking again asks the query, and never throws', async () => {
  let asked = 0;
  const refetch = (): Promise<unknown> => {
    asked++;
    return Promise.reject(new Error('no network'));
  };
  await readingOf({ data: undefined, error: refused, refetch }, () => null).again();
  expect(asked).toBe(1);
});

test('two readings as one: there when both are, failed when one is, and only what is missing is asked for again', async () => {
  const asked: string[] = [];
  const reading = (name: string, value: string | null, problem: string | null): Reading<string> => ({
    value,
    problem,
    again: () => Promise.resolve(asked.push(name)),
  });
  const there = reading('there', 'a', 'stale');
  expect(both(there, reading('other', 'b', null))).toMatchObject({ value: ['a', 'b'], problem: null });
  expect(both(there, reading('waits', null, null))).toMatchObject({ value: null, problem: null });
  const failed = both(there, reading('failed', null, 'no'));
  expect(failed).toMatchObject({ value: null, problem: 'no' });
  await failed.again();
  expect(asked).toEqual(['failed']);
});
