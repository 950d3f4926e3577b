import { t } from '@lingui/core/macro';
import type { Feature, OperationType } from '../../gql/operations.js';

type Row = { type: OperationType | null; feature: Feature | null; credits: number; operations: number };

/** What was used for one type of work, or in one part of the platform. */
export type Kind = { code: string; name: string; credits: number; operations: number };

/** "Images" of IMAGE. A type this page does not know yet keeps its own name. */
function typeName(type: string): string {
  switch (type) {
    case 'IMAGE':
      return t`Images`;
    case 'AUDIO':
      return t`Audio`;
    case 'VIDEO':
      return t`Videos`;
    case 'REGENERATION':
      return t`Regeneration`;
    default:
      return type;
  }
}

function featureName(feature: string): string {
  switch (feature) {
    case 'PRODUCTION_ROOM':
      return t`Production Room`;
    case 'CONTENT':
      return t`Content`;
    case 'BRAND_SCAN':
      return t`Brand scans`;
    case 'MEDIA_LIBRARY':
      return t`Media Library`;
    default:
      return feature;
  }
}

function summed(rows: readonly Row[], codeOf: (row: Row) => string | null, nameOf: (code: string) => string): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const row of rows) {
    const code = codeOf(row);
    if (code === null || row.credits === 0) continue;
    const kind = kinds.get(code) ?? { code, name: nameOf(code), credits: 0, operations: 0 };
    kinds.set(code, {
      ...kind,
      credits: kind.credits + row.credits,
      operations: kind.operations + row.operations,
    });
  }
  return [...kinds.values()].toSorted((a, b) => b.credits - a.credits);
}

/** The rows of one report summed in two ways, what took most first; what cost nothing is left out. */
export function kindsOf(rows: readonly Row[]): { types: Kind[]; features: Kind[] } {
  return {
    types: summed(rows, ({ type }) => type, typeName),
    features: summed(rows, ({ feature }) => feature, featureName),
  };
}
