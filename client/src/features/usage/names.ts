import { t } from '@lingui/core/macro';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import type { Dimension, SpanName, Unit } from './search.js';

const types = (): Readonly<Record<string, string>> => ({
  IMAGE: t`Images`,
  AUDIO: t`Audio`,
  VIDEO: t`Videos`,
  REGENERATION: t`Regenerations`,
  DEEP_SCAN: t`Deep scans`,
  SCAN: t`Standard scans`,
  TEXT: t`Texts`,
  UPLOAD: t`Uploads`,
});

/** The parts of the platform, by their codes. */
export const featureNames = (): Map<string, string> =>
  new Map([
    ['PRODUCTION_ROOM', t`Production Room`],
    ['CONTENT', t`Content`],
    ['BRAND_SCAN', t`Brand scans`],
    ['MEDIA_LIBRARY', t`Media Library`],
  ]);

/** What a part of usage is called: types and features by the page's words, operations by the price list, the rest as typed. */
export function nameOfKey(by: Dimension, key: string, operations: readonly OperationFieldsFragment[]): string {
  switch (by) {
    case 'type':
      return types()[key] ?? key;
    case 'feature':
      return featureNames().get(key) ?? key;
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
