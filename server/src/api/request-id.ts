import { randomFillSync } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const ID_BYTES = 16;
const POOLED_IDS = 256;
/** Letters, digits and what joins them in UUIDs, ULIDs and trace ids; nothing that means something in a log or a header. */
const WELL_FORMED = /^[\w.:-]{8,128}$/;

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

/** The caller's own `x-request-id` when it is well formed (8 to 128 letters, digits, `.`, `_`, `:`, `-`), else a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : nextRequestId();
}
