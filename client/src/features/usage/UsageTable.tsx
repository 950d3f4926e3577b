import { t } from '@lingui/core/macro';
import { formatCredits, formatPercent } from '../../ui/format.js';
import { DataTable } from '../../ui/DataTable.js';
import type { Column, Sort } from '../../ui/DataTable.js';
import type { Bucket, Series } from './buckets.js';
import { creditsIn } from './drawn.js';
import type { Shown } from './drawn.js';
import { daysOfBucket } from './sentences.js';

type Props = {
  buckets: readonly Bucket[];
  shown: readonly Shown[];
  nameOf: (shown: Shown) => string;
  /** Of everything that is shown. */
  total: number;
  operations: number;
  isSummed: boolean;
  /** A word about what the rows are. */
  unitTitle: string;
};

/** The numbers of the chart: the same days, parts and totals, the newest first. */
export function UsageTable({ buckets, shown, nameOf, total, operations, isSummed, unitTitle }: Props) {
  const columns: Column<Bucket>[] = [
    { id: 'days', title: unitTitle, cell: (bucket) => daysOfBucket(bucket, isSummed) },
    ...shown.map((each) => ({
      id: each.key,
      title: nameOf(each),
      isNumber: true,
      cell: (bucket: Bucket) => formatCredits(creditsIn(bucket, each)),
      total: formatCredits(each.credits),
    })),
    {
      id: 'credits',
      title: t`Credits`,
      isNumber: true,
      cell: (bucket) => formatCredits(bucket.total),
      total: formatCredits(total),
    },
    {
      id: 'operations',
      title: t`Operations`,
      isNumber: true,
      cell: (bucket) => formatCredits(bucket.operations),
      total: formatCredits(operations),
    },
  ];
  return (
    <DataTable caption={t`Usage, table`} columns={columns} rows={buckets.toReversed()} keyOf={({ from }) => from} />
  );
}

type PartsProps = {
  series: readonly Series[];
  nameOf: (series: Series) => string;
  title: string;
  total: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
};

/** Every part with its share, also those that cost nothing and those that the chart sums up. */
export function PartsTable({ series, nameOf, title, total, sort, onSort }: PartsProps) {
  const columns: Column<Series>[] = [
    { id: 'name', title, canSort: true, cell: nameOf },
    {
      id: 'credits',
      title: t`Credits`,
      isNumber: true,
      canSort: true,
      cell: ({ credits }) => formatCredits(credits),
      total: formatCredits(total),
    },
    {
      id: 'share',
      title: t`Share`,
      isNumber: true,
      cell: ({ credits }) => (total === 0 ? '–' : formatPercent((100 * credits) / total)),
      total: '',
    },
    {
      id: 'operations',
      title: t`Operations`,
      isNumber: true,
      canSort: true,
      cell: ({ operations }) => formatCredits(operations),
      total: formatCredits(series.reduce((sum, { operations }) => sum + operations, 0)),
    },
  ];
  const side = sort.isDescending ? -1 : 1;
  const rows = series.toSorted((a, b) => {
    if (sort.by === 'name') return side * nameOf(a).localeCompare(nameOf(b));
    return side * (sort.by === 'operations' ? a.operations - b.operations : a.credits - b.credits);
  });
  return (
    <DataTable
      caption={t`Totals, table`}
      columns={columns}
      rows={rows}
      keyOf={({ key }) => key}
      sort={sort}
      onSort={onSort}
    />
  );
}
