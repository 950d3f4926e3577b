import type { EventType } from './events.js';

/** What every entry group of a cause does, whoever caused it. */
interface CauseFacts {
  /** It answers a command that was sent with an idempotency key: the answer is kept in its first row. */
  readonly keyed: boolean;
  /** The one event that it tells beside those of levels. */
  readonly tells: EventType | null;
}

/**
 * Why an entry group was written. The names lie in the journal and never change: `open` is the creation of an account.
 *
 * Replay, explanations and proofs match them exhaustively: a new cause does not compile before each of them knows it.
 */
export const CAUSES = {
  open: { keyed: false, tells: null },
  reserve: { keyed: true, tells: null },
  spend: { keyed: true, tells: null },
  commit: { keyed: true, tells: null },
  release: { keyed: true, tells: null },
  extend: { keyed: true, tells: null },
  grant: { keyed: true, tells: 'GRANT_ADDED' },
  'expire-reservation': { keyed: false, tells: 'RESERVATION_EXPIRED' },
  'expire-grant': { keyed: false, tells: 'GRANT_EXPIRED' },
  'reset-period': { keyed: false, tells: 'PERIOD_RESET' },
} as const satisfies Readonly<Record<string, CauseFacts>>;

export type Cause = keyof typeof CAUSES;

export function isCause(text: string): text is Cause {
  return Object.hasOwn(CAUSES, text);
}

/** What is known of a cause. */
export function factsOf(cause: Cause): CauseFacts {
  return CAUSES[cause];
}
