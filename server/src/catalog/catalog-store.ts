import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import { type Catalog, newestVersion } from './catalog.js';
import { loadCatalog } from './load-catalog.js';

const REFRESH_MS = 5_000;

export interface CatalogStoreOptions {
  /** How often the catalogue is read again, in milliseconds: a change is seen at most so late. */
  readonly refreshMs?: number;
  /** Told why a refresh failed; the last snapshot stays in force and the next refresh comes in its time. */
  readonly onError?: (error: unknown) => void;
}

/**
 * This process's view of the catalogue: always there, never mutated, replaced when the database's differs.
 *
 * While nothing changes `current` stays the same object, so results may be cached by it.
 */
export class CatalogStore {
  #current: Catalog;
  #reads = 0;
  #readInForce = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;
  readonly #listeners = new Set<() => void>();

  private constructor(
    private readonly dataSource: DataSource,
    private readonly options: CatalogStoreOptions,
    first: Catalog,
  ) {
    this.#current = first;
    this.#schedule();
  }

  /** Reads the first snapshot and keeps refreshing it, without keeping the process alive. Rejects when the first read fails. */
  static async open(dataSource: DataSource, options: CatalogStoreOptions = {}): Promise<CatalogStore> {
    return new CatalogStore(dataSource, options, await loadCatalog(dataSource));
  }

  get current(): Catalog {
    return this.#current;
  }

  /** Reads the catalogue now. Rejects, and keeps the last snapshot, when it cannot be read. */
  async refresh(): Promise<Catalog> {
    const read = ++this.#reads;
    const loaded = await loadCatalog(this.dataSource);
    // A read that began later has finished before this one, and has seen at least as much.
    if (read < this.#readInForce) return this.#current;
    this.#readInForce = read;
    if (isDeepStrictEqual(loaded, this.#current)) return this.#current;
    this.#current = loaded;
    for (const listener of this.#listeners) listener();
    return loaded;
  }

  /**
   * Reads the catalogue again if the database was seen to have a price list that is newer than those known.
   *
   * @param version  of that list
   * @throws what reading it raised; RangeError when the list is not there: the database went back meanwhile
   */
  async reach(version: number): Promise<Catalog> {
    if (newestVersion(this.#current) >= version) return this.#current;
    const reached = await this.refresh();
    if (newestVersion(reached) < version) throw new RangeError(`price list ${version} was seen and is not there`);
    return reached;
  }

  /** Calls `listener` whenever another catalogue is in force here; returns the undo. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops refreshing. The last snapshot stays readable. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.refresh()
        .catch((error: unknown) => {
          if (!this.#isClosed) this.options.onError?.(error);
        })
        .finally(() => this.#schedule());
    }, this.options.refreshMs ?? REFRESH_MS);
    this.#timer.unref();
  }
}
