import { randomFillSync } from 'node:crypto';

const ID_BYTES = 16;
const POOLED_IDS = 256;

const pool = Buffer.alloc(ID_BYTES * POOLED_IDS);
let used = pool.length;

/**
 * A new name for a request: 32 hexadecimal digits, in logs and in the answer to an internal error.
 *
 * Asking the system for randomness costs more than a small request does, so it is asked for many at once.
 */
export function nextRequestId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('hex', used - ID_BYTES, used);
}
