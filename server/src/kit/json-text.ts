/** Deeper than any input of the schema, and shallow enough for what walks values by recursion. Source: docs/api.md, Limits */
export const JSON_DEPTH_MAX = 64;

const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/**
 * Reads a caller's JSON text without rounding: a number with a fraction stays one, where `JSON.parse` makes 4 of
 * 4.0000000000000000001.
 *
 * Such a number becomes the nearest double that has a fraction, which every whole-number type refuses and names.
 *
 * @returns the text for `JSON.parse`, as a rule the same; null when it is nested more than `JSON_DEPTH_MAX` deep
 */
export function exactJson(text: string): string | null {
  let depth = 0;
  let exact = '';
  let copied = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) {
      if (++depth > JSON_DEPTH_MAX) return null;
    } else if (code === 0x7d || code === 0x5d) depth--;
    else if (isDigit(code)) {
      const end = endOfNumber(text, at);
      const token = text.slice(at, end);
      const number = exactNumber(token);
      if (number !== token) {
        exact += text.slice(copied, at) + number;
        copied = end;
      }
      at = end - 1;
    }
  }
  return copied === 0 ? text : exact + text.slice(copied);
}

/** The place of the quote that ends the string; the text's end when none does. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** Just after the last of the characters that a number may have. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const isPart = isDigit(code) || code === 0x2e || code === 0x45 || code === 0x65 || code === 0x2b || code === 0x2d;
    if (!isPart) break;
  }
  return end;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** @param token  without a sign */
function exactNumber(token: string): string {
  if (token.length < 3) return token;
  const rounded = Number(token);
  // A fraction that is left is refused anyway, and so is what is too large.
  if (!Number.isSafeInteger(rounded)) return token;
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(token) ?? [];
  if (fraction === '' && exponent === '0') return token;
  const all = whole + fraction;
  let end = all.length;
  while (all.charCodeAt(end - 1) === ZERO) end--;
  const decimals = fraction.length - Number(exponent) - (all.length - end);
  if (end === 0 || decimals <= 0) return token;
  const isAbove = Number(all.slice(0, Math.max(0, end - decimals)) || '0') === rounded;
  const neighbour = rounded === 0 ? Number.MIN_VALUE : neighbourOf(rounded, isAbove);
  // Where doubles are whole numbers only, what no type takes.
  return Number.isInteger(neighbour) ? '1e400' : String(neighbour);
}

/** The double next to a positive one. */
function neighbourOf(size: number, isAbove: boolean): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, size);
  view.setBigUint64(0, view.getBigUint64(0) + (isAbove ? 1n : -1n));
  return view.getFloat64(0);
}
