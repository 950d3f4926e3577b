import { useMemo } from 'react';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { UsageNamesDocument, UsagePeriodsDocument, UsageReportDocument } from '../../gql/operations.js';
import type { UsageDimension, UsageFieldsFragment, UsageInput } from '../../gql/operations.js';
import type { Reading } from '../../ui/reading.js';
import { addDays } from '../../ui/time.js';
import type { Dimension, UsageChosen } from './search.js';
import { periodDays } from './span.js';
import type { PeriodDays, Span } from './span.js';

const dimensionOf: Readonly<Record<Dimension, UsageDimension>> = {
  type: 'TYPE',
  feature: 'FEATURE',
  operation: 'OPERATION',
  project: 'PROJECT',
  member: 'MEMBER',
};

/** A report's question, whole: what is not said of it is said to be null. */
function inputOf(
  accountId: string,
  days: { from: string; to: string },
  groupBy: UsageDimension[],
  chosen?: Pick<UsageChosen, 'credits' | 'feature' | 'project' | 'member'>,
): UsageInput {
  const feature = chosen === undefined || chosen.feature === 'all' ? null : chosen.feature;
  return {
    accountId,
    creditType: chosen?.credits === 'scan' ? 'SCAN' : 'STANDARD',
    ...days,
    groupBy,
    feature,
    operation: null,
    project: chosen?.project ?? null,
    member: chosen?.member ?? null,
  };
}

/** The account's periods as days of its zone, newest first. */
export function usePeriods(accountId: string, timeZone: string): Reading<PeriodDays[]> {
  const read = readingOf(
    useQuery(UsagePeriodsDocument, { variables: { accountId } }),
    (data) => data.account?.periods.edges,
  );
  const { value } = read;
  const periods = useMemo(
    () =>
      value === null
        ? null
        : periodDays(
            value.map(({ node }) => node.period),
            timeZone,
          ),
    [value, timeZone],
  );
  return { ...read, value: periods };
}

export type UsageRead = { report: UsageFieldsFragment; before: UsageFieldsFragment };

/** What was spent in a span and in the one before, day by day; null as a span: the periods are not known yet. */
export function useUsage(accountId: string, chosen: UsageChosen, span: Span | null): Reading<UsageRead> {
  const groups: UsageDimension[] = ['DAY', dimensionOf[chosen.by]];
  const days = span ?? { from: '', to: '', before: { from: '', to: '' }, beforeUntil: '' };
  const variables = {
    input: inputOf(accountId, { from: days.from, to: days.to }, groups, chosen),
    before: inputOf(accountId, { from: days.before.from, to: days.beforeUntil }, groups, chosen),
  };
  return readingOf(useQuery(UsageReportDocument, { variables, skip: span === null }), (data) => ({
    report: data.usage,
    before: data.before,
  }));
}

/** The projects and members that spent anything in the last year, in the order of their names. */
export function useUsageNames(accountId: string, today: string): { projects: string[]; members: string[] } {
  const variables = {
    input: inputOf(accountId, { from: addDays(today, -365), to: today }, ['PROJECT', 'MEMBER']),
  };
  const { data } = useQuery(UsageNamesDocument, { variables, fetchPolicy: 'cache-first' });
  return useMemo(() => {
    const rows = data?.usage.rows ?? [];
    const sorted = (names: (string | null)[]): string[] =>
      [...new Set(names)].flatMap((name) => name ?? []).toSorted((a, b) => a.localeCompare(b));
    return { projects: sorted(rows.map(({ project }) => project)), members: sorted(rows.map(({ member }) => member)) };
  }, [data]);
}
