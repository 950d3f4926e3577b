import { t } from '@lingui/core/macro';
import type { Reading } from '../ui/reading.js';
import { messageOf } from './retry.js';

/** What a query answers with null for an account that is not there. */
export const notThere = (): string => t`There is no such account, or you may not see it.`;

type Result<TData> = {
  data: TData | undefined;
  error?: unknown;
  refetch: () => Promise<unknown>;
};

/**
 * A query's result as a part of a page reads it.
 *
 * What was read before stays while it is asked for anew, also when that fails.
 *
 * @param select  the part's own share of the answer; null where the account is not there
 */
export function readingOf<TData, T>(
  { data, error, refetch }: Result<TData>,
  select: (data: TData) => T | null | undefined,
): Reading<T> {
  const value = data === undefined ? null : (select(data) ?? null);
  const failed = error === undefined ? null : messageOf(error);
  return {
    value,
    problem: value === null && data !== undefined ? (failed ?? notThere()) : failed,
    again: () => refetch().catch(() => undefined),
  };
}
