import { badUserInput, forbidden, notFound, rateLimited, tooComplex, unauthenticated, unavailable } from './errors.js';
import type { PublicError } from './errors.js';

const cases: [string, PublicError, Record<string, unknown>, number | undefined, Record<string, string> | undefined][] =
  [
    ['unauthenticated', unauthenticated(), { code: 'UNAUTHENTICATED' }, 401, { 'www-authenticate': 'Bearer' }],
    ['forbidden', forbidden(), { code: 'FORBIDDEN' }, undefined, undefined],
    ['notFound', notFound('This account'), { code: 'NOT_FOUND' }, undefined, undefined],
    ['badUserInput', badUserInput('scopes', 'No.'), { code: 'BAD_USER_INPUT', field: 'scopes' }, undefined, undefined],
    ['rateLimited', rateLimited(1500.2), { code: 'RATE_LIMITED', retryAfterMs: 1501 }, 429, { 'retry-after': '2' }],
    [
      'rateLimited for an instant',
      rateLimited(0),
      { code: 'RATE_LIMITED', retryAfterMs: 0 },
      429,
      { 'retry-after': '1' },
    ],
    ['tooComplex', tooComplex('Too much.'), { code: 'QUERY_TOO_COMPLEX' }, 400, {}],
    ['unavailable', unavailable(), { code: 'UNAVAILABLE', retryAfterMs: 1000 }, 503, { 'retry-after': '1' }],
  ];

test.each(cases)('%s has its code, status and headers', (_name, error, extensions, status, headers) => {
  const { http, ...rest } = error.extensions as { http?: { status: number; headers: Map<string, string> } };
  expect(rest).toEqual(extensions);
  expect(http?.status).toBe(status);
  expect(http && Object.fromEntries(http.headers)).toEqual(headers);
  expect(error.code).toBe(extensions['code']);
});

test('the cause of an outage is kept for the log and never sent', () => {
  const error = unavailable(1000, new Error('connect ECONNREFUSED 10.0.0.1'));
  expect(error.cause).toBeInstanceOf(Error);
  expect(JSON.stringify(error)).not.toContain('ECONNREFUSED');
});
