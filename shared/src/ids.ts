/**
 * Public ids: a typed prefix and 26 characters of Crockford base32 (the TypeID alphabet) for each UUID inside.
 *
 * An id that is used alone carries its account, so that no look-up has to cross accounts: `rsv_<account><uuid>`,
 * `evt_<account><place>`, `entry_<account><place>`. To callers every id is opaque.
 */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index;
const HEX = '0123456789abcdef';

const UUID_CHARS = 26;
const VERSION_CHARS = 11;
const ORDINAL_CHARS = 4;
const PLACE_CHARS = VERSION_CHARS + ORDINAL_CHARS;

/** Prefixes of ids that hold one UUID. */
export type PlainPrefix = 'acct' | 'grant' | 'key';

/** A thing of one account: the account's UUID and its own. */
export interface OwnedId {
  readonly accountId: string;
  readonly id: string;
}

/** A place in one account's history: the version and the position within that version's group, from 0. */
export interface Place {
  readonly accountId: string;
  readonly version: number;
  readonly ordinal: number;
}

function encodeUuid(uuid: string): string {
  let out = '';
  let bits = 2;
  let pending = 0;
  for (let index = 0; index < uuid.length; index++) {
    const code = uuid.charCodeAt(index);
    if (code === 45) continue;
    pending = (pending << 4) | (code <= 57 ? code - 48 : code - 87);
    bits += 4;
    if (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(pending >> bits) & 31];
      pending &= (1 << bits) - 1;
    }
  }
  return out;
}

function decodeUuid(text: string, from: number): string | null {
  let out = '';
  let bits = -2;
  let pending = 0;
  for (let index = from; index < from + UUID_CHARS; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? -1;
    if (value < 0 || (index === from && value > 7)) return null;
    pending = (pending << 5) | value;
    bits += 5;
    while (bits >= 4) {
      bits -= 4;
      out += HEX[(pending >> bits) & 15];
      if (out.length === 8 || out.length === 13 || out.length === 18 || out.length === 23) out += '-';
      pending &= (1 << bits) - 1;
    }
  }
  return out;
}

function encodeNumber(value: number, chars: number): string {
  let out = '';
  let rest = value;
  for (let index = 0; index < chars; index++) {
    out = ALPHABET[rest % 32] + out;
    rest = Math.floor(rest / 32);
  }
  return out;
}

function decodeNumber(text: string, from: number, chars: number): number | null {
  let out = 0;
  for (let index = from; index < from + chars; index++) {
    const value = VALUES[text.charCodeAt(index)] ?? -1;
    if (value < 0) return null;
    out = out * 32 + value;
  }
  return Number.isSafeInteger(out) ? out : null;
}

function body(prefix: string, text: string, chars: number): number | null {
  return text.length === prefix.length + 1 + chars && text.startsWith(prefix) && text[prefix.length] === '_'
    ? prefix.length + 1
    : null;
}

/** `acct_01h…` of a UUID (lower-case hexadecimal, with dashes). */
export function formatId(prefix: PlainPrefix, uuid: string): string {
  return `${prefix}_${encodeUuid(uuid)}`;
}

/** The UUID of a public id; null when the text is not an id of that prefix. */
export function parseId(prefix: PlainPrefix, text: string): string | null {
  const from = body(prefix, text, UUID_CHARS);
  return from === null ? null : decodeUuid(text, from);
}

export function formatReservationId(accountId: string, id: string): string {
  return `rsv_${encodeUuid(accountId)}${encodeUuid(id)}`;
}

/** Account and UUID of a reservation's public id; null when malformed. */
export function parseReservationId(text: string): OwnedId | null {
  const from = body('rsv', text, UUID_CHARS * 2);
  if (from === null) return null;
  const accountId = decodeUuid(text, from);
  const id = decodeUuid(text, from + UUID_CHARS);
  return accountId === null || id === null ? null : { accountId, id };
}

/** The id, and cursor, of an event or an entry. */
export function formatPlaceId(prefix: 'evt' | 'entry', place: Place): string {
  return `${prefix}_${encodeUuid(place.accountId)}${encodeNumber(place.version, VERSION_CHARS)}${encodeNumber(place.ordinal, ORDINAL_CHARS)}`;
}

/** Where an event or entry stands in its account's history; null when malformed. */
export function parsePlaceId(prefix: 'evt' | 'entry', text: string): Place | null {
  const from = body(prefix, text, UUID_CHARS + PLACE_CHARS);
  if (from === null) return null;
  const accountId = decodeUuid(text, from);
  const version = decodeNumber(text, from + UUID_CHARS, VERSION_CHARS);
  const ordinal = decodeNumber(text, from + UUID_CHARS + VERSION_CHARS, ORDINAL_CHARS);
  return accountId === null || version === null || ordinal === null ? null : { accountId, version, ordinal };
}
