/**
 * Public ids: a typed prefix and 26 characters of Crockford base32 (the TypeID alphabet) for each UUID inside.
 *
 * An id that is used alone carries its account, so that no look-up has to cross accounts: `rsv_<account><uuid>`,
 * `pur_<account><uuid>`, `budget_<account><uuid>`, `entry_<account><place>`. What also serves as a cursor of events carries the history that it belongs to and ends in a seal of the
 * server's: `evt_<history><account><place><seal>` and `now_<history><account><version><feed place><seal>`. To callers every id is opaque.
 */

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index++) VALUES[ALPHABET.charCodeAt(index)] = index;
const HEX = '0123456789abcdef';

const UUID_CHARS = 26;
const VERSION_CHARS = 11;
const ORDINAL_CHARS = 4;
const PLACE_CHARS = VERSION_CHARS + ORDINAL_CHARS;
/** 60 bits. */
export const SEAL_CHARS = 12;
/** The last place within a version: after it comes the next version. */
export const ORDINAL_MAX = 32 ** ORDINAL_CHARS - 1;
const NO_ACCOUNT = '00000000-0000-0000-0000-000000000000';

/** Prefixes of ids that hold one UUID. */
export type PlainPrefix = 'acct' | 'grant' | 'key' | 'hist';

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

/** Prefixes of ids that hold an account's UUID and one of its own. */
export type OwnedPrefix = 'rsv' | 'audit' | 'pur' | 'cs' | 'budget';

/** `audit_<account><uuid>`, `pur_<account><uuid>`. */
export function formatOwnedId(prefix: OwnedPrefix, { accountId, id }: OwnedId): string {
  return `${prefix}_${encodeUuid(accountId)}${encodeUuid(id)}`;
}

export function formatReservationId(accountId: string, id: string): string {
  return formatOwnedId('rsv', { accountId, id });
}

/** Account and UUID of a reservation's public id; null when malformed. */
export function parseReservationId(text: string): OwnedId | null {
  return parseOwnedId('rsv', text);
}

/** Account and UUID of a public id; null when the text is not an id of that prefix. */
export function parseOwnedId(prefix: OwnedPrefix, text: string): OwnedId | null {
  const from = body(prefix, text, UUID_CHARS * 2);
  if (from === null) return null;
  const accountId = decodeUuid(text, from);
  const id = decodeUuid(text, from + UUID_CHARS);
  return accountId === null || id === null ? null : { accountId, id };
}

function encodePlace(place: Place): string {
  return `${encodeUuid(place.accountId)}${encodeNumber(place.version, VERSION_CHARS)}${encodeNumber(place.ordinal, ORDINAL_CHARS)}`;
}

/** What has a place in an account's past; a period's is its number. */
type PlacePrefix = 'evt' | 'entry' | 'period';

/** The id of an entry, or where a period stands. Events had ids of this form before histories had ids; such an id is still a cursor. */
export function formatPlaceId(prefix: PlacePrefix, place: Place): string {
  return `${prefix}_${encodePlace(place)}`;
}

/** Where an event, an entry or a period stands in its account's past; null when malformed. */
export function parsePlaceId(prefix: PlacePrefix, text: string): Place | null {
  const from = body(prefix, text, UUID_CHARS + PLACE_CHARS);
  return from === null ? null : decodePlace(text, from);
}

function decodePlace(text: string, from: number): Place | null {
  const accountId = decodeUuid(text, from);
  const version = decodeNumber(text, from + UUID_CHARS, VERSION_CHARS);
  const ordinal = decodeNumber(text, from + UUID_CHARS + VERSION_CHARS, ORDINAL_CHARS);
  return accountId === null || version === null || ordinal === null ? null : { accountId, version, ordinal };
}

/** A text without its seal, and the seal, as it stands at its end. */
export function splitSeal(text: string): readonly [unsealed: string, seal: string] {
  return [text.slice(0, -SEAL_CHARS), text.slice(-SEAL_CHARS)];
}

/** The first 60 bits of some bytes, as a seal. At least 12 bytes. */
export function formatSeal(bytes: Uint8Array): string {
  let out = '';
  for (let index = 0; index < SEAL_CHARS; index++) out += ALPHABET[(bytes[index] as number) & 31];
  return out;
}

/** An event's id and cursor, still without its seal. */
export function formatEventId(historyId: string, place: Place): string {
  return `evt_${encodeUuid(historyId)}${encodePlace(place)}`;
}

/** The history and the place of an event's id without its seal; null when malformed. */
export function parseEventId(unsealed: string): { readonly historyId: string; readonly place: Place } | null {
  const from = body('evt', unsealed, UUID_CHARS * 2 + PLACE_CHARS);
  if (from === null) return null;
  const historyId = decodeUuid(unsealed, from);
  const place = decodePlace(unsealed, from + UUID_CHARS);
  return historyId === null || place === null ? null : { historyId, place };
}

/** A place between two events: everything up to `feedSeq` lies before it. */
export interface FeedPlace {
  readonly historyId: string;
  readonly feedSeq: number;
  /** The account whose feed it was asked for, and its version then; null: the feed of all. */
  readonly account: { readonly id: string; readonly version: number } | null;
}

/** The cursor of a place between two events, still without its seal. */
export function formatFeedPlace({ historyId, feedSeq, account }: FeedPlace): string {
  return `now_${encodeUuid(historyId)}${encodeUuid(account?.id ?? NO_ACCOUNT)}${encodeNumber(account?.version ?? 0, VERSION_CHARS)}${encodeNumber(feedSeq, VERSION_CHARS)}`;
}

/** The place that a cursor without its seal names; null when malformed. */
export function parseFeedPlace(unsealed: string): FeedPlace | null {
  const from = body('now', unsealed, UUID_CHARS * 2 + VERSION_CHARS * 2);
  if (from === null) return null;
  const historyId = decodeUuid(unsealed, from);
  const accountId = decodeUuid(unsealed, from + UUID_CHARS);
  const version = decodeNumber(unsealed, from + UUID_CHARS * 2, VERSION_CHARS);
  const feedSeq = decodeNumber(unsealed, from + UUID_CHARS * 2 + VERSION_CHARS, VERSION_CHARS);
  if (historyId === null || accountId === null || version === null || feedSeq === null) return null;
  return { historyId, feedSeq, account: accountId === NO_ACCOUNT ? null : { id: accountId, version } };
}
