import { t } from '@lingui/core/macro';
import { featureName, typeName } from '../../domain/work-kinds.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import type { Dimension, SpanName, Unit } from './search.js';

/** What a part of usage is called: types and features by the page's words, operations by the price list, the rest as typed. */
export function nameOfKey(by: Dimension, key: string, operations: readonly OperationFieldsFragment[]): string {
  switch (by) {
    case 'type':
      return typeName(key);
    case 'feature':
      return featureName(key);
    case 'operation':
      return operations.find(({ code }) => code === key)?.name ?? key;
    case 'project':
      return key === '' ? t`No project` : key;
    case 'member':
      return key === '' ? t`Nobody named` : key;
  }
}

export const dimensionNames = (): Map<Dimension, string> =>
  new Map<Dimension, string>([
    ['type', t`type`],
    ['feature', t`feature`],
    ['operation', t`operation`],
    ['project', t`project`],
    ['member', t`member`],
  ]);

export const spanNames = (): Map<SpanName, string> =>
  new Map<SpanName, string>([
    ['this', t`this period`],
    ['last', t`last period`],
    ['30', t`the last 30 days`],
    ['90', t`the last 90 days`],
    ['custom', t`days of your choice`],
  ]);

export const unitNames = (): Map<Unit, string> =>
  new Map<Unit, string>([
    ['day', t`by day`],
    ['week', t`by week`],
    ['period', t`by period`],
    ['cumulative', t`summed up`],
  ]);

/** Above a column of their names. */
export const dimensionTitles = (): Map<Dimension, string> =>
  new Map<Dimension, string>([
    ['type', t`Type`],
    ['feature', t`Feature`],
    ['operation', t`Operation`],
    ['project', t`Project`],
    ['member', t`Member`],
  ]);
