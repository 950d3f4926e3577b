import { t } from '@lingui/core/macro';
import type { Feature, OperationType } from '../gql/operations.js';

/** Kinds of work by their codes, in the order in which they are listed. */
export const typeNames = (): ReadonlyMap<OperationType, string> =>
  new Map([
    ['IMAGE', t`Images`],
    ['AUDIO', t`Audio`],
    ['VIDEO', t`Videos`],
    ['TEXT', t`Texts`],
    ['REGENERATION', t`Regenerations`],
    ['SCAN', t`Standard scans`],
    ['DEEP_SCAN', t`Deep scans`],
    ['UPLOAD', t`Uploads`],
  ]);

/** Parts of the platform by their codes, in the order in which they are listed. */
export const featureNames = (): ReadonlyMap<Feature, string> =>
  new Map([
    ['PRODUCTION_ROOM', t`Production Room`],
    ['CONTENT', t`Content`],
    ['MEDIA_LIBRARY', t`Media Library`],
    ['BRAND_SCAN', t`Brand scans`],
  ]);

/** "Images" of IMAGE; a kind of work that a newer server knows and this page does not keeps its code. */
export function typeName(code: string): string {
  const names: ReadonlyMap<string, string> = typeNames();
  return names.get(code) ?? code;
}

/** "Content" of CONTENT; a part of the platform that this page does not know keeps its code. */
export function featureName(code: string): string {
  const names: ReadonlyMap<string, string> = featureNames();
  return names.get(code) ?? code;
}
