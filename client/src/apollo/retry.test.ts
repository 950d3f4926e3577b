import { CombinedGraphQLErrors, ServerError } from '@apollo/client';
import { isUnanswered, messageOf, untilAnswered } from './retry.js';

const graphqlError = (code: string): CombinedGraphQLErrors =>
  new CombinedGraphQLErrors({ errors: [{ message: 'said so', extensions: { code } }] });

test('what got no answer is repeated, what was answered is not', () => {
  expect(isUnanswered(new TypeError('Failed to fetch'))).toBe(true);
  expect(
    isUnanswered(new ServerError('bad gateway', { response: new Response(null, { status: 502 }), bodyText: '' })),
  ).toBe(true);
  expect(isUnanswered(graphqlError('UNAVAILABLE'))).toBe(true);
  expect(isUnanswered(graphqlError('FORBIDDEN'))).toBe(false);
  expect(isUnanswered(new ServerError('no', { response: new Response(null, { status: 403 }), bodyText: '' }))).toBe(
    false,
  );
});

test('the third try answers for the first two', async () => {
  let tries = 0;
  const answer = await untilAnswered(() => {
    tries++;
    return tries < 3 ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve('receipt');
  });
  expect([answer, tries]).toEqual(['receipt', 3]);
});

test('a refusal is thrown at once', async () => {
  let tries = 0;
  await expect(
    untilAnswered(() => {
      tries++;
      return Promise.reject(graphqlError('FORBIDDEN'));
    }),
  ).rejects.toThrow('said so');
  expect(tries).toBe(1);
});

test('a person reads the server’s words, or that there were none', () => {
  expect(messageOf(graphqlError('FORBIDDEN'))).toBe('said so');
  expect(messageOf(new TypeError('fetch failed'))).toBe('The server could not be reached.');
});
