import { TEXT_LENGTH_MAX } from '@aibc/shared/amounts';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { badUserInput } from '../kit/errors.js';
import { checkName, readName } from '../kit/check-text.js';
import { grouped } from '../kit/grouped.js';
import { UsageEntity } from '../ledger/rows/entities.js';
import type { UsageFields } from '../ledger/rows/usage-rows.js';
import type { UsageDimension, UsageInput, UsageReport, UsageRow } from './usage.types.js';

const DAY_MS = 86_400_000;
const SPAN_DAYS_MAX = 3 * 366;
const FIRST_DAY = '1970-01-01';
/** More rows than a person reads; whoever wants more asks for fewer days at a time. */
export const USAGE_ROWS_MAX = 10_000;

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
  if (days > SPAN_DAYS_MAX)
    throw badUserInput('to', `A report spans at most ${grouped(SPAN_DAYS_MAX)} days, not ${grouped(days)}.`);
  const previous = dayNumber(from) - days;
  return { from, to, previousFrom: dayOf(Math.max(previous, dayNumber(FIRST_DAY))) };
}

/**
 * Committed credits and operations of an account over a span of days, broken down by any set of dimensions.
 *
 * Read from one row a day, operation, project and member, which the ledger writes with the commits: every breakdown sums to the same total.
 * At most one row more than a report may have leaves the database.
 *
 * @param accountId  uuid
 * @throws BAD_USER_INPUT `from`, `to`, `operation`, `project` or `member`; `groupBy` for more than 10,000 rows
 * Source: docs/domain.md, Usage
 */
export async function readUsage(dataSource: DataSource, accountId: string, input: UsageInput): Promise<UsageReport> {
  const span = readSpan(input.from, input.to);
  const project = input.project ? readName('project', input.project, TEXT_LENGTH_MAX) : (input.project ?? null);
  for (const field of ['operation', 'member'] as const)
    if (input[field] != null) checkName(field, input[field], TEXT_LENGTH_MAX);
  const asked = DIMENSIONS.filter(({ name }) => input.groupBy.includes(name));
  const filtered = { ...input, project };
  const query = sumsOf(dataSource, accountId, filtered).andWhere('u.day BETWEEN :from AND :to', span);
  for (const { field } of asked) {
    // Codes and names sort by their bytes, so that the order does not depend on the database's language.
    const column = field === 'day' ? 'u.day::text' : `u.${field} COLLATE "C"`;
    query.addSelect(column, field).addGroupBy(column).addOrderBy(column);
  }
  const rows = await query
    .having('count(*) > 0')
    .limit(USAGE_ROWS_MAX + 1)
    .getRawMany<Record<string, string>>();
  if (rows.length > USAGE_ROWS_MAX) throw tooManyRows();
  const before = await sumsOf(dataSource, accountId, filtered)
    .andWhere('u.day >= :previousFrom AND u.day < :from', span)
    .getRawOne<{ credits: string | null }>();
  const shown = rows.map((row) => showRow(row, asked));
  return {
    total: shown.reduce((sum, { credits }) => sum + credits, 0),
    operations: shown.reduce((sum, { operations }) => sum + operations, 0),
    rows: shown,
    previousTotal: Number(before?.credits ?? 0),
  };
}

/** What the input's filters let through, summed; the days are still to be said. */
function sumsOf(
  dataSource: DataSource,
  accountId: string,
  { creditType, feature, type, operation, project, member }: UsageInput,
): SelectQueryBuilder<UsageFields> {
  return dataSource
    .getRepository(UsageEntity)
    .createQueryBuilder('u')
    .select('sum(u.credits)::text', 'credits')
    .addSelect('sum(u.operations)::text', 'operations')
    .where({
      accountId,
      creditType,
      ...(feature ? { feature } : {}),
      ...(type ? { type } : {}),
      ...(operation == null ? {} : { operation }),
      ...(member == null ? {} : { member }),
      ...(project === null || project === undefined ? {} : { project }),
    });
}

function showRow(row: Readonly<Record<string, string>>, asked: typeof DIMENSIONS): UsageRow {
  const shown: UsageRow = {
    day: null,
    feature: null,
    type: null,
    operation: null,
    project: null,
    member: null,
    credits: Number(row['credits']),
    operations: Number(row['operations']),
  };
  for (const { field } of asked) Object.assign(shown, { [field]: row[field] === '' ? null : row[field] });
  return shown;
}

function tooManyRows(): Error {
  return badUserInput(
    'groupBy',
    `This report would have more than ${grouped(USAGE_ROWS_MAX)} rows. Group by less, ask for fewer days, or name a project, a member, a feature, a type or an operation.`,
  );
}
