import type { EntryKind } from './state.js';

type Bucket = 'available' | 'held' | 'spent' | 'expired' | 'refunded' | 'revoked';

/** Every movement goes from one bucket to another; nothing else moves credits. Source: docs/domain.md, Amounts */
export const PATHS: Readonly<Record<EntryKind, readonly [from: Bucket | null, to: Bucket]>> = {
  GRANT: [null, 'available'],
  RESERVE: ['available', 'held'],
  COMMIT: ['held', 'spent'],
  RELEASE: ['held', 'available'],
  EXPIRE: ['available', 'expired'],
  REFUND: ['available', 'refunded'],
  REVOKE: ['available', 'revoked'],
};
