/** Something that is kept says a version of its format that this program does not know: a newer one wrote it. */
export class UnknownFormat extends Error {
  override readonly name = 'UnknownFormat';
}

/**
 * The reader of a version of a format.
 *
 * @param what  names the format, as in `lines of a reservation`
 * @param version  as the text says it; 1 for one that says none
 * @param readers  one for each version, from 1 on
 * @throws UnknownFormat when there is none
 * Source: docs/upgrades.md
 */
export function readerOf<Reader>(what: string, version: unknown, readers: readonly Reader[]): Reader {
  const reader = typeof version === 'number' ? readers[version - 1] : undefined;
  if (reader === undefined)
    throw new UnknownFormat(
      `${what} have the format ${String(version)}, and this version of the program reads formats up to ${readers.length}`,
    );
  return reader;
}

/** Reads a list that is kept as JSON: a number in front is its version. */
export function listFromText<Item>(
  what: string,
  text: string,
  readers: readonly ((items: readonly never[]) => Item[])[],
): Item[] {
  const items = JSON.parse(text) as readonly never[];
  const version: unknown = items[0];
  if (typeof version !== 'number') return readerOf(what, 1, readers)(items);
  return readerOf(what, version, readers)(items.slice(1));
}

/** Reads an object that is kept as JSON: its field `v` is the version. */
export function objectFromText<Kept>(what: string, text: string, readers: readonly ((kept: never) => Kept)[]): Kept {
  const kept = JSON.parse(text) as { readonly v?: unknown } | null;
  if (typeof kept !== 'object' || kept === null) throw new TypeError(`${text} is no object`);
  // Each reader takes what its own version wrote: which one that is, is known here only.
  return readerOf(what, kept.v ?? 1, readers)(kept as never);
}
