import { anyText, calendarDay, declareSearch, oneOf } from '../../ui/search.js';

/** By what credits are told apart. */
export const dimensions = ['type', 'feature', 'operation', 'project', 'member'] as const;
export type Dimension = (typeof dimensions)[number];

/** Which days: a billing period, the last so many days, or from one day to another. */
export const spans = ['this', 'last', '30', '90', 'custom'] as const;
export type SpanName = (typeof spans)[number];

/** What a bar, and a row of the table, sums. */
export const units = ['day', 'week', 'period', 'cumulative'] as const;
export type Unit = (typeof units)[number];

/** Everything that the address says of usage. A copied address shows the same. */
export const usageSearch = declareSearch(
  {
    by: oneOf(...dimensions),
    span: oneOf(...spans),
    from: calendarDay,
    to: calendarDay,
    unit: oneOf(...units),
    credits: oneOf('standard', 'scan'),
    feature: oneOf('all', 'PRODUCTION_ROOM', 'CONTENT', 'BRAND_SCAN', 'MEDIA_LIBRARY'),
    project: anyText(200),
    member: anyText(200),
    only: anyText(200),
  },
  {
    by: 'type',
    span: 'this',
    from: null,
    to: null,
    unit: 'day',
    credits: 'standard',
    feature: 'all',
    project: null,
    member: null,
    only: null,
  },
);

export type UsageChosen = ReturnType<typeof usageSearch.read>;
