import { t } from '@lingui/core/macro';
import type { LevelsQuery, LowBalanceLevelInput } from '../../gql/warnings.js';

export type Rule = NonNullable<LevelsQuery['account']>['lowBalanceLevels'][number];
export type Unit = 'percent' | 'credits';

/** A rule as it is being written. What is empty is not there; that nothing is left is warned of always. */
export type RuleDraft = { level: 'LOW' | 'CRITICAL'; amount: string; unit: Unit };

/** The rules of one kind of credits, as one changes them. */
export function draftsOf(rules: readonly Rule[]): RuleDraft[] {
  return rules.flatMap(({ level, percent, threshold }) =>
    level === 'LOW' || level === 'CRITICAL'
      ? [
          percent === null
            ? { level, amount: String(threshold), unit: 'credits' as const }
            : { level, amount: String(percent), unit: 'percent' as const },
        ]
      : [],
  );
}

/** Why a rule cannot be so; null where it can. */
export function faultOf({ amount, unit }: RuleDraft): string | null {
  const number = Number(amount.trim());
  if (amount.trim() === '' || !Number.isFinite(number)) return t`Enter a number.`;
  if (unit === 'percent') return number > 0 && number < 100 ? null : t`Between 0 and 100 %.`;
  return Number.isSafeInteger(number) && number >= 0 ? null : t`A whole number of credits.`;
}

export function inputOf({ level, amount, unit }: RuleDraft): LowBalanceLevelInput {
  const number = Number(amount.trim());
  return { level, percent: unit === 'percent' ? number : null, credits: unit === 'credits' ? number : null };
}
