import { featureName, typeName } from '../../domain/work-kinds.js';
import type { Feature, OperationType } from '../../gql/operations.js';

type Row = { type: OperationType | null; feature: Feature | null; credits: number; operations: number };

/** What was used for one type of work, or in one part of the platform. */
export type Kind = { code: string; name: string; credits: number; operations: number };

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
