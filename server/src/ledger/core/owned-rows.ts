import type { LoadedRows, OwnedRows, RowKind } from './state.js';

/** Of the kinds that nothing touched: most groups touch one or two. */
const UNTOUCHED = new Map<string, never>();
export type DraftedRows = { -readonly [K in RowKind]: Map<string, OwnedRows[K]> };

export function noRows(): LoadedRows {
  return { grants: new Map(), reservations: new Map() };
}

export function untouchedRows(): DraftedRows {
  return { grants: UNTOUCHED, reservations: UNTOUCHED };
}

/** Rows of a kind to put one in, where nothing was put yet. */
export function touch<K extends RowKind>(rows: DraftedRows, kind: K): Map<string, OwnedRows[K]> {
  const known: Map<string, OwnedRows[K]> = rows[kind];
  if (known !== UNTOUCHED) return known;
  return (rows[kind] = new Map());
}
