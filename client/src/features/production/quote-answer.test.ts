import { newerAnswer } from './quote-answer.js';

const quote = (name: string, minute: number, version = 1, history = 'hist_1') => ({
  __typename: 'Quote',
  name,
  expiresAt: `2026-01-01T00:${minute}:00.000Z`,
  balance: { version, history },
});

test.each([
  ['the one that ends later', quote('told', 20), quote('asked', 10), 'told'],
  ['the one that ends later', quote('told', 10), quote('asked', 20), 'asked'],
  ['while a test clock stands, the higher version', quote('told', 10, 3), quote('asked', 10, 2), 'told'],
  ['of the same, what was asked for', quote('told', 10), quote('asked', 10), 'asked'],
  ['of another history, what was asked for', quote('told', 20, 9), quote('asked', 10, 1, 'hist_2'), 'asked'],
])('%s', (_, told, asked, name) => {
  expect(newerAnswer(told, asked).name).toBe(name);
});

test('what was told stands until something was asked for; a refusal that was asked for counts', () => {
  expect(newerAnswer(quote('told', 10), null).name).toBe('told');
  const refusal = { __typename: 'OperationNotInPlan', name: 'refusal' };
  expect(newerAnswer<{ __typename: string; name: string }>(quote('told', 10), refusal).name).toBe('refusal');
});
