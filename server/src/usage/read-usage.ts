import { TEXT_LENGTH_MAX } from '@aibc/shared/amounts';
import type { DataSource } from 'typeorm';
import { badUserInput } from '../kit/errors.js';
import { checkName } from '../kit/check-text.js';
import { UsageDayEntity } from './usage-day.entity.js';
import type { UsageDimension, UsageInput, UsageReport, UsageRow } from './usage.types.js';

const DAY_MS = 86_400_000;
const SPAN_DAYS_MAX = 3 * 366;
const FIRST_DAY = '1970-01-01';

/** In the order in which rows are sorted. */
const DIMENSIONS: readonly {
  readonly name: UsageDimension;
  readonly field: Exclude<keyof UsageRow, 'credits' | 'operations'>;
}[] = [
  { name: 'DAY', field: 'day' },
  { name: 'FEATURE', field: 'feature' },
  { name: 'TYPE', field: 'type' },
  { name: 'OPERATION', field: 'operation' },
  { name: 'PROJECT', field: 'project' },
  { name: 'MEMBER', field: 'member' },
];

/** Days from `from` to `to`, both counted, and the last day before a span just as long. */
export interface UsageSpan {
  readonly from: string;
  readonly to: string;
  readonly previousFrom: string;
}

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
const dayOf = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);

/**
 * Reads the days of a report and the span just before it.
 *
 * @throws BAD_USER_INPUT `from` before 1970, `to` before `from` or more than 1,098 days in all
 */
export function readSpan(from: string, to: string): UsageSpan {
  if (from < FIRST_DAY) throw badUserInput('from', 'from must be in 1970 or later.');
  const days = dayNumber(to) - dayNumber(from) + 1;
  if (days < 1) throw badUserInput('to', 'to must not be before from.');
  if (days > SPAN_DAYS_MAX) throw badUserInput('to', `A report spans at most ${SPAN_DAYS_MAX} days, not ${days}.`);
  const previous = dayNumber(from) - days;
  return { from, to, previousFrom: dayOf(Math.max(previous, dayNumber(FIRST_DAY))) };
}

/**
 * Committed credits and operations of an account over a span of days, broken down by any set of dimensions.
 *
 * Read from one row a day, operation, project and member, which the ledger writes with the commits: every breakdown sums to the same total.
 *
 * @param accountId  uuid
 * @throws BAD_USER_INPUT `from`, `to` or `project`
 * Source: docs/domain.md, Usage
 */
export async function readUsage(dataSource: DataSource, accountId: string, input: UsageInput): Promise<UsageReport> {
  const { creditType, feature, type, project } = input;
  const span = readSpan(input.from, input.to);
  if (project) checkName('project', project, TEXT_LENGTH_MAX);
  const asked = DIMENSIONS.filter(({ name }) => input.groupBy.includes(name));
  const query = dataSource
    .getRepository(UsageDayEntity)
    .createQueryBuilder('u')
    .select('u.day >= :from', 'is_asked')
    .addSelect('sum(u.credits)::text', 'credits')
    .addSelect('sum(u.operations)::text', 'operations')
    .where({
      accountId,
      creditType,
      ...(feature ? { feature } : {}),
      ...(type ? { type } : {}),
      ...(project === null || project === undefined ? {} : { project }),
    })
    .andWhere('u.day BETWEEN :previousFrom AND :to', span)
    .setParameter('from', span.from)
    .groupBy('is_asked');
  for (const { field } of asked) {
    // Codes and names sort by their bytes, so that the order does not depend on the database's language.
    const column = field === 'day' ? 'u.day::text' : `u.${field} COLLATE "C"`;
    query.addSelect(column, field).addGroupBy(column).addOrderBy(column);
  }
  const rows = await query.getRawMany<Record<string, string | boolean>>();
  const report: UsageReport = { total: 0, operations: 0, rows: [], previousTotal: 0 };
  for (const row of rows) {
    const credits = Number(row['credits']);
    if (row['is_asked'] !== true) {
      report.previousTotal += credits;
      continue;
    }
    const shown: UsageRow = {
      day: null,
      feature: null,
      type: null,
      operation: null,
      project: null,
      member: null,
      credits,
      operations: Number(row['operations']),
    };
    for (const { field } of asked) Object.assign(shown, { [field]: row[field] === '' ? null : row[field] });
    report.total += shown.credits;
    report.operations += shown.operations;
    report.rows.push(shown);
  }
  return report;
}
