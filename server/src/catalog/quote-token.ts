import { createHmac, timingSafeEqual } from 'node:crypto';
import { isCredits } from '@aibc/shared/amounts';
import type { CreditType } from './catalog.js';
import type { QuotePayload } from './quote-payload.js';

/** What signs now. */
const PREFIX = 'q1.';
const TOKEN_LENGTH_MAX = 65_536;
const MAC_LENGTH = 43;
/** A token says the place in this list: the order is part of the format. */
const CREDIT_TYPES: readonly CreditType[] = ['STANDARD', 'SCAN'];

/**
 * Signs a quote as a token that needs no storage: `q1.<body>.<mac>`, both parts base64url.
 *
 * The mac is HMAC-SHA256 over prefix and body, so a token of one version never passes for another.
 * The payload is readable by its holder: it says nothing that the quote did not.
 *
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function signQuote(payload: QuotePayload, secret: Buffer): string {
  const body = Buffer.from(
    JSON.stringify([
      Buffer.from(payload.accountId.replaceAll('-', ''), 'hex').toString('base64url'),
      payload.priceListVersion,
      CREDIT_TYPES.indexOf(payload.creditType),
      payload.total,
      payload.expiresAt,
      ...payload.lines.flat(),
    ]),
  ).toString('base64url');
  const signed = PREFIX + body;
  return `${signed}.${macOf(signed, secret)}`;
}

/**
 * The payload of a token that this secret signed, or null when it is anything else. Never throws.
 *
 * Says nothing about time or account: the caller compares `expiresAt` and `accountId`.
 * Source: docs/domain.md, Quote, reserve, commit
 */
export function readQuote(token: string, secret: Buffer): QuotePayload | null {
  if (typeof token !== 'string' || token.length > TOKEN_LENGTH_MAX) return null;
  const payloadFrom = READERS.get(token.slice(0, PREFIX.length));
  if (payloadFrom === undefined) return null;
  const signedLength = token.length - MAC_LENGTH - 1;
  if (signedLength <= PREFIX.length || token[signedLength] !== '.') return null;
  const signed = token.slice(0, signedLength);
  const given = Buffer.from(token.slice(signedLength + 1));
  const expected = Buffer.from(macOf(signed, secret));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  try {
    return payloadFrom(JSON.parse(Buffer.from(signed.slice(PREFIX.length), 'base64url').toString()));
  } catch {
    return null;
  }
}

function macOf(signed: string, secret: Buffer): string {
  return createHmac('sha256', secret).update(signed).digest('base64url');
}

function payloadOf(body: unknown): QuotePayload | null {
  if (!Array.isArray(body)) return null;
  const [account, priceListVersion, creditTypeIndex, total, expiresAt, ...flat] = body as unknown[];
  const creditType = typeof creditTypeIndex === 'number' ? CREDIT_TYPES[creditTypeIndex] : undefined;
  if (typeof account !== 'string' || creditType === undefined || flat.length === 0 || flat.length % 3 !== 0)
    return null;
  if (!isCredits(priceListVersion) || !isCredits(total) || !isCredits(expiresAt)) return null;
  const lines: [string, number, number][] = [];
  for (let index = 0; index < flat.length; index += 3) {
    const operation = flat[index];
    const quantity = flat[index + 1];
    const unitCredits = flat[index + 2];
    if (typeof operation !== 'string' || !isCredits(quantity) || !isCredits(unitCredits)) return null;
    lines.push([operation, quantity, unitCredits]);
  }
  const hex = Buffer.from(account, 'base64url').toString('hex');
  if (hex.length !== 32) return null;
  const accountId = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  return { accountId, priceListVersion, creditType, lines, total, expiresAt };
}

/** Readers of tokens by their prefix, one for each version: a process of the next one may sign while this one still runs. */
const READERS: ReadonlyMap<string, (body: unknown) => QuotePayload | null> = new Map([[PREFIX, payloadOf]]);
