import { randomFillSync } from 'node:crypto';

const RANDOM_BYTES = 8;
const POOLED_IDS = 512;
const SEQUENCE_MAX = 0xfff;

const pool = Buffer.alloc(RANDOM_BYTES * POOLED_IDS);
let used = pool.length;
let lastMs = 0;
let sequence = 0;

/**
 * A new UUIDv7, lower case with dashes: 48 bits of milliseconds, 12 that count within one, 62 random ones.
 *
 * Those of one process grow, also within a millisecond and when the clock is set back. Randomness is asked of the system for many
 * at once, which otherwise costs more than a command's decision.
 */
export function nextUuid(): string {
  const nowMs = Date.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = 0;
  } else if (sequence < SEQUENCE_MAX) {
    sequence += 1;
  } else {
    lastMs += 1;
    sequence = 0;
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  // The variant: the two highest bits are 10.
  pool[used] = ((pool[used] ?? 0) & 0x3f) | 0x80;
  const random = pool.toString('hex', used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  const time = lastMs.toString(16).padStart(12, '0');
  const count = sequence.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${random.slice(0, 4)}-${random.slice(4)}`;
}
