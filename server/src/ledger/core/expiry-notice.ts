import type { AccountState, ExpiryNotice, GrantState } from './state.js';

const DAY_MS = 86_400_000;
/** So many times 24 hours before credits end, an event says so; the first first. */
export const NOTICE_DAYS = [7, 3, 1] as const;

/** What is told next of a grant: when, and how many days before its end. */
export interface DueNotice {
  readonly at: number;
  readonly days: (typeof NOTICE_DAYS)[number];
}

/**
 * The next notice of a grant that its credits will end; null: none comes.
 *
 * None comes of what the plan grants, of credits that never end, and where nothing is free at that instant. What lies before the account's last
 * change, or at or before the last notice in their order (by instant, then age of the grant), has been told or never will be.
 *
 * @param head  when the account last changed, and the last notice of it
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export function nextNotice(head: Pick<AccountState, 'changedAt' | 'noticed'>, grant: GrantState): DueNotice | null {
  const { expiresAt, periodNumber, available } = grant;
  if (expiresAt === null || periodNumber !== null || available === 0) return null;
  for (const days of NOTICE_DAYS) {
    const at = expiresAt - days * DAY_MS;
    if (at >= head.changedAt && at > grant.createdAt && comesAfter(head.noticed, at, grant)) return { at, days };
  }
  return null;
}

/** Whether a notice comes after the last one. */
function comesAfter(last: ExpiryNotice | null, at: number, { createdAt, id }: GrantState): boolean {
  if (last === null || at !== last.at) return last === null || at > last.at;
  return createdAt === last.createdAt ? id > last.grantId : createdAt > last.createdAt;
}
