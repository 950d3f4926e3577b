import { t } from '@lingui/core/macro';
import { csvOf } from '../../ui/csv.js';
import { saveFile } from '../../ui/save-file.js';
import type { FileKind } from '../../ui/save-file.js';
import type { Bucket, Series } from './buckets.js';
import { creditsIn } from './drawn.js';
import type { Shown } from './drawn.js';
import type { UsageChosen } from './search.js';
import type { Span } from './span.js';

/** What is on the screen, as it goes into a file. */
export type UsageFile = {
  account: { id: string; name: string; timeZone: string };
  chosen: UsageChosen;
  span: Span;
  /** Those of the table, in its order. */
  buckets: readonly Bucket[];
  shown: readonly Shown[];
  nameOf: (shown: Shown) => string;
  series: readonly Series[];
  total: number;
};

/** One row for each row of the table, with the same columns; what adds up, a spreadsheet adds up. */
export function usageCsv({ buckets, shown, nameOf }: Pick<UsageFile, 'buckets' | 'shown' | 'nameOf'>): string {
  const columns = [t`First day`, t`Last day`, ...shown.map(nameOf), t`Credits`, t`Operations`];
  return csvOf(
    columns,
    buckets.map((bucket) => [
      bucket.from,
      bucket.to,
      ...shown.map((each) => creditsIn(bucket, each)),
      bucket.total,
      bucket.operations,
    ]),
  );
}

/** The same for programs, with what was asked: codes and ids as the API has them. */
export function usageJson({ account, chosen, span, buckets, shown, series, total }: UsageFile): string {
  const { by, unit, credits, feature, project, member, only } = chosen;
  const content = {
    account,
    credits,
    from: span.from,
    to: span.to,
    by,
    unit,
    filters: { feature: feature === 'all' ? null : feature, project, member, only },
    total,
    rows: buckets.map((bucket) => ({
      from: bucket.from,
      to: bucket.to,
      credits: bucket.total,
      operations: bucket.operations,
      parts: shown.flatMap((each) => each.keys.map((key) => ({ [by]: key, credits: bucket.credits.get(key) ?? 0 }))),
    })),
    totals: series.map(({ key, ...sums }) => ({ [by]: key, ...sums })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Saves exactly what is shown. The file's name says whose and which days. */
export function saveUsage(kind: FileKind, file: UsageFile): void {
  const { account, span } = file;
  saveFile(['usage', account.name, account.id.slice(-6), span.from, span.to].join('-'), kind, [
    kind === 'csv' ? usageCsv(file) : usageJson(file),
  ]);
}
