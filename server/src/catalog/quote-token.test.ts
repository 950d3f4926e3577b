import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { QuotePayload } from './quote-payload.js';
import { readQuote, signQuote } from './quote-token.js';

const SECRET = randomBytes(32);
const PAYLOAD: QuotePayload = {
  accountId: '019361d2-0b5c-7000-8000-0123456789ab',
  priceListVersion: 1,
  creditType: 'STANDARD',
  lines: [
    ['image.short', 3, 5],
    ['content.generate', 1, 0],
  ],
  total: 15,
  expiresAt: 1_732_300_000_000,
};

const payloads = fc.record({
  accountId: fc.uuid(),
  priceListVersion: fc.integer({ min: 1, max: 1e6 }),
  creditType: fc.constantFrom('STANDARD' as const, 'SCAN' as const),
  lines: fc.array(fc.tuple(fc.string(), fc.integer({ min: 1, max: 10_000 }), fc.maxSafeNat()), {
    minLength: 1,
    maxLength: 100,
  }),
  total: fc.maxSafeNat(),
  expiresAt: fc.maxSafeNat(),
});

test('a signed quote reads back as it was', () => {
  expect(readQuote(signQuote(PAYLOAD, SECRET), SECRET)).toEqual(PAYLOAD);
  fc.assert(fc.property(payloads, (payload) => expect(readQuote(signQuote(payload, SECRET), SECRET)).toEqual(payload)));
});

test('a token is short and safe in a URL', () => {
  const token = signQuote(PAYLOAD, SECRET);
  expect(token).toMatch(/^q1\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{43}$/);
  expect(token.length).toBeLessThan(180);
});

test('another secret, and every changed, missing or added character, is a forgery', () => {
  const token = signQuote(PAYLOAD, SECRET);
  expect(readQuote(token, randomBytes(32))).toBeNull();
  for (let index = 0; index < token.length; index += 1) {
    const before = token.slice(0, index);
    const after = token.slice(index + 1);
    for (const other of ['A', 'B', '.', '=', 'é']) {
      if (other !== token[index]) expect(readQuote(before + other + after, SECRET)).toBeNull();
    }
    expect(readQuote(before + after, SECRET)).toBeNull();
    expect(readQuote(`${before}A${token.slice(index)}`, SECRET)).toBeNull();
  }
  expect(readQuote(`${token}A`, SECRET)).toBeNull();
  expect(readQuote(`${token} `, SECRET)).toBeNull();
});

test('garbage is null and never throws', () => {
  const garbage = [
    '',
    'q1.',
    'q1..',
    `q1.${'A'.repeat(43)}`,
    `q1..${'A'.repeat(43)}`,
    'q2.a.b',
    '\u0000',
    'q1.'.padEnd(1e6, 'A'),
  ];
  for (const token of garbage) expect(readQuote(token, SECRET)).toBeNull();
  fc.assert(fc.property(fc.string(), (token) => expect(readQuote(`q1.${token}`, SECRET)).toBeNull()));
});
