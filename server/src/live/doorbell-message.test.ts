import fc from 'fast-check';
import { v7 } from 'uuid';
import { formatPresence, formatRings, parseDoorbell } from './doorbell-message.js';
import type { Ring } from './doorbell-message.js';

const SENDER = 'abcdefghij-_4567';
const HISTORY = v7();

const ringed = (messages: readonly string[]): Ring[] =>
  messages.flatMap((message) => {
    const parsed = parseDoorbell(message);
    return parsed?.kind === 'rings' && parsed.rings !== null ? [...parsed.rings] : [];
  });

test('rings survive, whatever their number, in messages that Postgres takes', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          accountId: fc.uuid(),
          version: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
          events: fc.boolean(),
        }),
        { maxLength: 700 },
      ),
      (rings) => {
        const messages = formatRings(SENDER, HISTORY, rings);
        expect(messages.every((message) => Buffer.byteLength(message) < 8_000)).toBe(true);
        expect(ringed(messages)).toEqual(rings);
      },
    ),
    { numRuns: 50 },
  );
});

test('a batch of 256 accounts takes one message', () => {
  const rings = Array.from({ length: 256 }, (_, index) => ({
    accountId: v7(),
    version: 30_000 + index,
    events: false,
  }));
  expect(formatRings(SENDER, HISTORY, rings)).toHaveLength(1);
});

test('too many accounts are not named', () => {
  const rings = Array.from({ length: 4_001 }, () => ({ accountId: v7(), version: 1, events: true }));
  expect(formatRings(SENDER, HISTORY, rings).map(parseDoorbell)).toEqual([
    { kind: 'rings', sender: SENDER, historyId: HISTORY, rings: null },
  ]);
});

test('presence survives', () => {
  for (const kind of ['hello', 'here', 'gone'] as const)
    expect(parseDoorbell(formatPresence(kind, SENDER, HISTORY))).toEqual({ kind, sender: SENDER, historyId: HISTORY });
});

test('what is no message is none, and half a ring means that anybody may have moved', () => {
  for (const payload of ['', 'x', `z${SENDER}`, 'r']) expect(parseDoorbell(payload)).toBeNull();
  expect(parseDoorbell(`r${SENDER}garbage`)).toEqual({ kind: 'rings', sender: SENDER, historyId: null, rings: null });
});

test('messages of before histories had ids are understood, and name none', () => {
  expect(parseDoorbell(`!${SENDER}`)).toEqual({ kind: 'here', sender: SENDER, historyId: null });
  const account = v7();
  const packed = Buffer.from(account.replaceAll('-', ''), 'hex').toString('base64url');
  expect(parseDoorbell(`r${SENDER}${packed}1z!`)).toEqual({
    kind: 'rings',
    sender: SENDER,
    historyId: null,
    rings: [{ accountId: account, version: 71, events: true }],
  });
});
