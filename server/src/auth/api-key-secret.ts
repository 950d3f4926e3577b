import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import { formatId, parseId } from '@aibc/shared/ids';
import type { Side } from './caller.js';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 characters of 62: 256 bits, so that a fast hash is enough. */
const SECRET_CHARS = 43;
const FORM = /^aibc_(test|live)_([0-9a-z]{26})_([0-9A-Za-z]{43})$/;
const HASH_BYTES = 32;

/** What an API key's text says about itself; nothing of it is proven yet. */
export interface ClaimedKey {
  /** uuid. */
  readonly keyId: string;
  readonly side: Side;
}

/** Makes the text of a new key: `aibc_test_<id>_<secret>` for the sandbox, `aibc_live_<id>_<secret>` for live accounts. */
export function makeKeySecret(keyId: string, side: Side): string {
  let secret = '';
  for (let index = 0; index < SECRET_CHARS; index++) secret += ALPHABET[randomInt(ALPHABET.length)];
  return `aibc_${side === 'sandbox' ? 'test' : 'live'}_${formatId('key', keyId).slice('key_'.length)}_${secret}`;
}

/** Whether a bearer means to be an API key, well-formed or not. */
export function looksLikeKey(bearer: string): boolean {
  return bearer.startsWith('aibc_');
}

/** Reads id and side out of a key's text; null when it is malformed. */
export function parseKeySecret(text: string): ClaimedKey | null {
  const match = FORM.exec(text);
  const keyId = match?.[2] === undefined ? null : parseId('key', `key_${match[2]}`);
  return match === null || keyId === null ? null : { keyId, side: match[1] === 'test' ? 'sandbox' : 'live' };
}

/** The keyed hash under which a key is stored: HMAC-SHA256 over its whole text, so that its prefix cannot be swapped. */
export function hashKeySecret(pepper: Buffer, text: string): Buffer {
  return createHmac('sha256', pepper).update(text).digest();
}

const NO_HASH = Buffer.alloc(HASH_BYTES);

/**
 * Compares in constant time.
 *
 * @param stored  null when there is no such key: the same work is done, and the answer is false
 */
export function matchesKeyHash(pepper: Buffer, text: string, stored: Buffer | null): boolean {
  const equal = timingSafeEqual(hashKeySecret(pepper, text), stored ?? NO_HASH);
  return equal && stored !== null;
}
