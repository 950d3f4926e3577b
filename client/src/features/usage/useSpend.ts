import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { SpendByDayDocument } from '../../gql/operations.js';
import type { SpendByDayQuery } from '../../gql/operations.js';
import type { Reading } from '../../ui/reading.js';
import { daysBetween } from '../../ui/time.js';

/**
 * What was spent in `[from, to]`.
 *
 * At midnight the days move on: what was read of as many days stands until the new ones are read. What was read of more or
 * fewer days never stands for these.
 */
export function useSpend(accountId: string, from: string, to: string): Reading<SpendByDayQuery['usage']> {
  const result = useQuery(SpendByDayDocument, { variables: { accountId, from, to } });
  const span = daysBetween(from, to);
  const [read, setRead] = useState<{ span: number; data: SpendByDayQuery } | null>(null);
  if (result.data !== undefined && read?.data !== result.data) setRead({ span, data: result.data });
  const before = read?.span === span ? read.data : undefined;
  return readingOf({ ...result, data: result.data ?? before }, (data) => data.usage);
}
