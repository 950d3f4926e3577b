export const DOORBELL_CHANNEL = 'credits_doorbell';
/** Postgres takes less than 8,000 bytes. */
const PAYLOAD_CHARS_MAX = 7_900;
/** A process names itself by as many letters. */
const SENDER_CHARS = 16;
const UUID_CHARS = 22;
/** More accounts than this are not named one by one: looking at all takes less. */
export const RINGS_MAX = 4_000;

/** One account that moved. */
export interface Ring {
  readonly accountId: string;
  readonly version: number;
  /** Whether events were written for it. */
  readonly events: boolean;
}

/**
 * What processes tell one another. Every message says who sent it.
 *
 * `hello` asks who is there, `here` answers and repeats itself, `gone` takes leave; `rings` says which accounts moved and to which
 * version, null when they are too many to name. Versions count in the history that the sender is in; processes of before histories had
 * ids name none.
 */
export type DoorbellMessage = { readonly sender: string; readonly historyId: string | null } & (
  | { readonly kind: 'hello' | 'here' | 'gone' }
  | { readonly kind: 'rings'; readonly rings: readonly Ring[] | null }
);

const LETTER_OF = { hello: '?', here: '!', gone: '-', rings: 'R' } as const;
/** Rings of before histories had ids. */
const OLD_RINGS = 'r';

export function formatPresence(kind: 'hello' | 'here' | 'gone', sender: string, historyId: string): string {
  return LETTER_OF[kind] + sender + packUuid(historyId);
}

/** The fewest messages that name these accounts, about 250 in each; one that names none when they are too many. */
export function formatRings(sender: string, historyId: string, rings: readonly Ring[]): string[] {
  const start = LETTER_OF.rings + sender + packUuid(historyId);
  if (rings.length > RINGS_MAX) return [`${start}*`];
  const messages: string[] = [];
  let message = start;
  for (const { accountId, version, events } of rings) {
    const ring = `${packUuid(accountId)}${version.toString(36)}${events ? '!' : ','}`;
    if (message.length + ring.length > PAYLOAD_CHARS_MAX) {
      messages.push(message);
      message = start;
    }
    message += ring;
  }
  if (message.length > start.length) messages.push(message);
  return messages;
}

const RING = /^([A-Za-z0-9_-]{22})([0-9a-z]{1,11})([!,])/;

/** Reads a message; null for what is none, which an older or newer version of the server may have sent. */
export function parseDoorbell(payload: string): DoorbellMessage | null {
  const sender = payload.slice(1, 1 + SENDER_CHARS);
  if (sender.length < SENDER_CHARS) return null;
  const isOldRings = payload[0] === OLD_RINGS;
  const packed = isOldRings ? '' : payload.slice(1 + SENDER_CHARS, 1 + SENDER_CHARS + UUID_CHARS);
  const historyId = packed.length < UUID_CHARS ? null : unpackUuid(packed);
  let rest = payload.slice(1 + SENDER_CHARS + packed.length);
  switch (payload[0]) {
    case LETTER_OF.hello:
      return { kind: 'hello', sender, historyId };
    case LETTER_OF.here:
      return { kind: 'here', sender, historyId };
    case LETTER_OF.gone:
      return { kind: 'gone', sender, historyId };
    case OLD_RINGS:
    case LETTER_OF.rings: {
      if (!isOldRings && historyId === null) return null;
      if (rest === '*') return { kind: 'rings', sender, historyId, rings: null };
      const rings: Ring[] = [];
      for (let match = RING.exec(rest); match !== null; match = RING.exec(rest)) {
        const [whole, account = '', version = '', mark] = match;
        rings.push({ accountId: unpackUuid(account), version: parseInt(version, 36), events: mark === '!' });
        rest = rest.slice(whole.length);
      }
      return { kind: 'rings', sender, historyId, rings: rest === '' ? rings : null };
    }
    default:
      return null;
  }
}

function packUuid(uuid: string): string {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex').toString('base64url');
}

function unpackUuid(text: string): string {
  const hex = Buffer.from(text, 'base64url').toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
