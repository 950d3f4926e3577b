import { type LoadedRows, type OwnedRows, ROW_KINDS, type RowKind } from './state.js';

/** Shared by all kinds that a group does not touch, since most groups touch one or two. */
const UNTOUCHED = new Map<string, never>();
export type DraftedRows = { -readonly [K in RowKind]: Map<string, OwnedRows[K]> };

const ALL_UNTOUCHED = Object.fromEntries(ROW_KINDS.map((kind) => [kind, UNTOUCHED])) as unknown as DraftedRows;

export function noRows(): LoadedRows {
  return Object.fromEntries(ROW_KINDS.map((kind) => [kind, new Map()])) as unknown as LoadedRows;
}

export function untouchedRows(): DraftedRows {
  return { ...ALL_UNTOUCHED };
}

/** The map of a kind to put a row into; made with the first row. */
export function touch<K extends RowKind>(rows: DraftedRows, kind: K): Map<string, OwnedRows[K]> {
  const known: Map<string, OwnedRows[K]> = rows[kind];
  if (known !== UNTOUCHED) return known;
  return (rows[kind] = new Map());
}
