import type { DataSource } from 'typeorm';
import { dayAt } from '../accounts/periods.js';
import { type Catalog, catalogAt, type CreditType, priceListAt } from '../catalog/catalog.js';
import { balanceOf } from '../ledger/core/balance.js';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';
import { forecast, FORECAST_DAYS } from './forecast.js';
import type { Forecast, PlanAdvice } from './foresight.types.js';
import { ADVICE_DAYS, advisePlans, type Mix } from './plan-advice.js';

const DAY_MS = 86_400_000;

/** A day so many days before another, `YYYY-MM-DD`. */
function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * When what an account has will be used up, from the days of its usage.
 *
 * Equal questions on one day get equal bands: they are drawn by the account and its day.
 *
 * Source: docs/domain.md, Usage
 */
export async function readForecast(
  dataSource: DataSource,
  { state, now }: Pick<AccountSnapshot, 'state' | 'now'>,
  creditType: CreditType,
): Promise<Forecast> {
  const today = dayAt(now, state.timeZone);
  const first = daysBefore(today, FORECAST_DAYS);
  const rows: { day: string; credits: string }[] = await dataSource.query(
    `/* usage.days */ SELECT u.day::text AS day, sum(u.credits)::text AS credits FROM usage_day u
      WHERE u.account_id = $1 AND u.day >= $2 AND u.day < $3 AND u.credit_type = $4 GROUP BY u.day`,
    [state.id, first, today, creditType],
  );
  const spent = new Map(rows.map(({ day, credits }) => [day, Number(credits)]));
  const runway = forecast({
    days: Array.from({ length: FORECAST_DAYS }, (_, index) => spent.get(daysBefore(today, index + 1)) ?? 0),
    available: balanceOf(state, creditType).available,
    now,
    resetAt: state.period.end,
    seed: `${state.id} ${today} ${creditType}`,
  });
  return {
    insufficientData: runway === null,
    burnPerDay: runway?.burnPerDay ?? null,
    runsOutAt: runway?.runsOutAt ?? null,
    runsOutEarliestAt: runway?.earliest ?? null,
    runsOutLatestAt: runway?.latest ?? null,
    lastsUntilReset: runway?.lastsUntilReset ?? null,
  };
}

/** Which plan suits what an account did in the last 30 days, by the plans and packs that are sold now. Source: docs/domain.md, Usage */
export async function readPlanAdvice(
  dataSource: DataSource,
  catalog: Catalog,
  { state, now, databaseNow }: AccountSnapshot,
): Promise<PlanAdvice> {
  const to = dayAt(now, state.timeZone);
  const from = daysBefore(to, ADVICE_DAYS - 1);
  const at = state.sandbox ? databaseNow : now;
  const { plans, packs } = catalogAt(catalog, at);
  const { operations } = priceListAt(catalog, at, state.sandbox);
  const rows: { operation: string; credit_type: CreditType; credits: string; operations: string }[] =
    await dataSource.query(
      `/* usage.mix */ SELECT u.operation, u.credit_type, sum(u.credits)::text AS credits, sum(u.operations)::text AS operations
      FROM usage_day u WHERE u.account_id = $1 AND u.day >= $2 AND u.day <= $3 GROUP BY u.operation, u.credit_type`,
      [state.id, from, to],
    );
  const sum = (some: typeof rows, of: 'credits' | 'operations') => some.reduce((all, row) => all + Number(row[of]), 0);
  const creditsOf = (type: CreditType) =>
    sum(
      rows.filter(({ credit_type }) => credit_type === type),
      'credits',
    );
  const needs = (what: string) => rows.some(({ operation }) => operations.get(operation)?.requires === what);
  const mix: Mix = {
    credits: { STANDARD: creditsOf('STANDARD'), SCAN: creditsOf('SCAN') },
    operations: sum(rows, 'operations'),
    needsProductionRoom: needs('PRODUCTION_ROOM'),
    needsDeepScans: needs('DEEP_SCANS'),
  };
  const options = advisePlans(mix, [...plans.values()], packs);
  return {
    insufficientData: options === null,
    from,
    to,
    credits: mix.credits.STANDARD,
    options: (options ?? []).map((option) => ({
      ...option,
      packs: [...option.packs],
      current: option.plan.code === state.plan,
    })),
  };
}
