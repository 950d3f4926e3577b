import { creditsTyped, draftOf, faultsOf, inputOf, newDraft } from './draft.js';
import type { Draft } from './draft.js';
import { faultsOfRefusal } from './refused.js';
import { aboutOf, standOf } from './words.js';

const draft = (part: Partial<Draft>): Draft => ({
  ...newDraft(part.setAside ?? false),
  name: 'Films',
  limit: '50',
  ...part,
});

test.each([
  ['50', 50],
  [' 0 ', 0],
  ['', null],
  ['-1', null],
  ['1.5', null],
  ['half', null],
  ['99999999999999999999', null],
])('%p typed is %p credits', (text, credits) => {
  expect(creditsTyped(text)).toBe(credits);
});

test('a draft that is whole is asked as it is; the member and the project only where they count', () => {
  expect(inputOf(draft({ project: ' Nord ', whom: 'each', member: 'left from before' }), 'acct_1')).toMatchObject({
    accountId: 'acct_1',
    project: 'Nord',
    member: null,
    eachMember: true,
    limit: 50,
  });
  expect(inputOf(draft({ whom: 'one', member: 'carla' }), 'acct_1')).toMatchObject({
    member: 'carla',
    eachMember: false,
  });
});

test('what is missing is named at its field, and nothing is asked', () => {
  expect(Object.keys(faultsOf(draft({ name: ' ', limit: 'x', whom: 'one' })))).toEqual(['name', 'limit', 'member']);
  expect(Object.keys(faultsOf(draft({ setAside: true })))).toEqual(['project']);
  expect(faultsOf(draft({ setAside: true, whom: 'one', member: 'carla' }))).toEqual({});
  expect(inputOf(draft({ limit: '' }), 'acct_1')).toBeNull();
});

const budget = {
  __typename: 'Budget' as const,
  id: 'budget_1',
  name: 'Films',
  creditType: 'STANDARD' as const,
  feature: null,
  type: 'VIDEO' as const,
  project: 'Nord',
  member: 'carla',
  eachMember: false,
  window: 'WEEK' as const,
  hard: true,
  setAside: false,
  limit: 50,
  consumed: 20,
  held: 10,
  remaining: 20,
  resetsAt: null,
};

test('a budget as one changes it, and what it is about in words', () => {
  expect(draftOf(budget)).toMatchObject({ id: 'budget_1', whom: 'one', member: 'carla', limit: '50' });
  expect(aboutOf(budget, 'carla')).toEqual(['Videos', 'project \u2068Nord\u2069', 'you', 'each week']);
  expect(aboutOf({ ...budget, type: null, project: null, member: null, eachMember: true }, 'carla')).toEqual([
    'All work',
    'each member apart',
    'each week',
  ]);
});

test.each([
  [100, 21, 'ok'],
  [100, 20, 'low'],
  [100, 0, 'empty'],
  [0, 0, 'empty'],
] as const)('of %i, %i left: %s', (limit, remaining, stand) => {
  expect(standOf({ limit, remaining })).toBe(stand);
});

test('a refusal is told at its field; one that this page does not know in the server’s words', () => {
  const refused = { message: 'The server says so.', min: null, max: null };
  const of = (field: string, more = {}) => faultsOfRefusal({ ...refused, field, ...more }, { creditType: 'STANDARD' });
  expect(of('limit', { max: 30 }).limit).toMatch(/^At most 30 credits/);
  expect(of('limit')).toEqual({ limit: 'The server says so.' });
  expect(of('accountId').other).toMatch(/as many budgets as it may have/);
  expect(of('window')).toEqual({ other: 'The server says so.' });
});
