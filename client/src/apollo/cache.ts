import { InMemoryCache } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import type { Cache, Reference } from '@apollo/client';
import { BalanceFieldsFragmentDoc, ReservationFieldsFragmentDoc } from '../gql/operations.js';
import { possibleTypes } from '../gql/possible-types.js';

type Versioned = { __typename: string; id: string; version: number; history: string };

/** How to read a whole versioned entity back: its one selection. */
const selections: Record<string, { fragment: DocumentNode; fragmentName: string }> = {
  Balance: { fragment: BalanceFieldsFragmentDoc, fragmentName: 'BalanceFields' },
  Reservation: { fragment: ReservationFieldsFragmentDoc, fragmentName: 'ReservationFields' },
};

function isVersioned(value: object): value is Versioned {
  const { __typename, id, version, history } = value as Partial<Versioned>;
  return (
    __typename !== undefined &&
    __typename in selections &&
    typeof id === 'string' &&
    typeof version === 'number' &&
    typeof history === 'string'
  );
}

/**
 * A cache in which the higher version of a balance or a reservation wins, whatever the order of arrival, within one history
 * of the server's database.
 *
 * Queries, mutations, subscriptions, refetches and direct writes all pass through `write`; field or type policies do
 * not see enough to guard a normalised entity. An older entity inside a result is replaced by the stored, newer one;
 * the rest of the result is written as it came.
 *
 * When the database was restored, or a standby took over, the server begins another history: an entity of it replaces what is stored,
 * whatever the versions, and `onHistory` is told, so that everything else is read anew. What still arrives of a history that was
 * left replaces nothing.
 * Source: docs/architecture.md, Versions decide
 */
export class NewestWinsCache extends InMemoryCache {
  /** Called once for each history that follows another, after the write that showed it. */
  onHistory: () => void = () => undefined;
  private history: string | null = null;
  private readonly left = new Set<string>();

  constructor() {
    super({ possibleTypes });
  }

  override write<TData = unknown, TVariables extends Record<string, unknown> = Record<string, unknown>>(
    options: Cache.WriteOptions<TData, TVariables>,
  ): Reference | undefined {
    const before = this.history;
    const result = this.keepNewest(options.result) as typeof options.result;
    const written = super.write({ ...options, result });
    if (before !== null && before !== this.history) queueMicrotask(() => this.onHistory());
    return written;
  }

  /** The same value with every outdated entity in it replaced; the same object when there is none. */
  private keepNewest(value: unknown): unknown {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      const items: unknown[] = value.map((item) => this.keepNewest(item));
      return items.every((item, index) => item === value[index]) ? value : items;
    }
    if (isVersioned(value)) {
      this.enter(value.history);
      const stored = this.storedEntity(value);
      return stored !== null && this.isNewer(stored, value) ? stored : value;
    }
    let copy: Record<string, unknown> | null = null;
    for (const [key, field] of Object.entries(value)) {
      const kept = this.keepNewest(field);
      if (kept !== field) copy = { ...(copy ?? (value as Record<string, unknown>)), [key]: kept };
    }
    return copy ?? value;
  }

  private enter(history: string): void {
    if (history === this.history || this.left.has(history)) return;
    if (this.history !== null) this.left.add(this.history);
    this.history = history;
  }

  private isNewer(stored: Versioned, value: Versioned): boolean {
    if (stored.history === value.history) return stored.version > value.version;
    return stored.history === this.history;
  }

  private storedEntity(value: Versioned): Versioned | null {
    const selection = selections[value.__typename];
    const id = this.identify(value);
    if (selection === undefined || id === undefined) return null;
    return this.readFragment<Versioned>({ id, ...selection });
  }
}
