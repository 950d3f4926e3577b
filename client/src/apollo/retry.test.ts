import { CombinedGraphQLErrors, ServerError } from '@apollo/client';
import { ToldError, isUnanswered, messageOf, untilAnswered } from './retry.js';

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

const statusError = (status: number): ServerError =>
  new ServerError(`Response not successful: Received status code ${status}`, {
    response: new Response(null, { status }),
    bodyText: '',
  });

test.each([
  ['a refusal', graphqlError('FORBIDDEN'), 'said so'],
  ['no token', graphqlError('UNAUTHENTICATED'), 'This token is not valid or has expired.'],
  ['status 401', statusError(401), 'This token is not valid or has expired.'],
  ['status 429', statusError(429), 'Too many requests. Try again in a moment.'],
  ['status 502', statusError(502), 'The server cannot answer right now. Try again in a moment.'],
  ['status 400', statusError(400), 'The server did not understand this page. Load it again.'],
  ['no network', new TypeError('Failed to fetch'), 'The server could not be reached.'],
  ['no JSON', new SyntaxError('Unexpected token <'), 'The server could not be reached.'],
  ['a sentence', new ToldError('This token sees no account.'), 'This token sees no account.'],
])('%s is read as a sentence', (_name, error, sentence) => {
  expect(messageOf(error)).toBe(sentence);
});
