import type { AccountHomeQuery, BalanceFieldsFragment, PlanCode, RecentEntriesQuery } from '../gql/operations.js';

export type DemoRole = 'free' | 'pro' | 'enterprise';
export const demoRoles: readonly DemoRole[] = ['free', 'pro', 'enterprise'];

/** What the server wrote into the page; the format is in STAMP.md. */
export type Stamp = BalanceFieldsFragment & {
  plan: PlanCode;
  /** The answers to what the Dashboard asks first. */
  account?: NonNullable<AccountHomeQuery['account']> & NonNullable<RecentEntriesQuery['account']>;
  session?: { as: DemoRole; token: string };
};

export function isDemoRole(value: unknown): value is DemoRole {
  return demoRoles.some((role) => role === value);
}

/** Reads the stamp; null when the page was sent without one, or with one this page cannot use. */
export function readStamp(text: string | null | undefined): Stamp | null {
  if (text === null || text === undefined || text.trim() === '') return null;
  try {
    const stamp = JSON.parse(text) as Partial<Stamp> | null;
    const isWhole =
      typeof stamp?.id === 'string' &&
      typeof stamp.accountId === 'string' &&
      typeof stamp.version === 'number' &&
      typeof stamp.history === 'string';
    return isWhole ? (stamp as Stamp) : null;
  } catch {
    return null;
  }
}

/** The balance within the stamp, as the cache wants it. */
export function balanceOf(stamp: Stamp): BalanceFieldsFragment {
  const { plan: _plan, account: _account, session: _session, ...balance } = stamp;
  return { ...balance, __typename: 'Balance' };
}
