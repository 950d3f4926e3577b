import { InMemoryCache } from '@apollo/client';
import type { DocumentNode } from 'graphql';
import type { Cache, Reference } from '@apollo/client';
import { BalanceFieldsFragmentDoc, ReservationFieldsFragmentDoc } from '../gql/operations.js';
import { possibleTypes } from '../gql/possible-types.js';

type Versioned = { __typename: string; id: string; version: number };

/** How to read a whole versioned entity back: its one selection. */
const selections: Record<string, { fragment: DocumentNode; fragmentName: string }> = {
  Balance: { fragment: BalanceFieldsFragmentDoc, fragmentName: 'BalanceFields' },
  Reservation: { fragment: ReservationFieldsFragmentDoc, fragmentName: 'ReservationFields' },
};

function isVersioned(value: object): value is Versioned {
  const { __typename, id, version } = value as Partial<Versioned>;
  return __typename !== undefined && __typename in selections && typeof id === 'string' && typeof version === 'number';
}

/**
 * A cache in which the higher version of a balance or a reservation wins, whatever the order of arrival.
 *
 * Queries, mutations, subscriptions, refetches and direct writes all pass through `write`; field or type policies do
 * not see enough to guard a normalised entity. An older entity inside a result is replaced by the stored, newer one;
 * the rest of the result is written as it came.
 * Source: docs/architecture.md, Versions decide
 */
export class NewestWinsCache extends InMemoryCache {
  constructor() {
    super({ possibleTypes });
  }

  override write<TData = unknown, TVariables extends Record<string, unknown> = Record<string, unknown>>(
    options: Cache.WriteOptions<TData, TVariables>,
  ): Reference | undefined {
    return super.write({ ...options, result: this.keepNewest(options.result) as typeof options.result });
  }

  /** The same value with every outdated entity in it replaced; the same object when there is none. */
  private keepNewest(value: unknown): unknown {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) {
      const items: unknown[] = value.map((item) => this.keepNewest(item));
      return items.every((item, index) => item === value[index]) ? value : items;
    }
    if (isVersioned(value)) {
      const stored = this.storedEntity(value);
      return stored !== null && stored.version > value.version ? stored : value;
    }
    let copy: Record<string, unknown> | null = null;
    for (const [key, field] of Object.entries(value)) {
      const kept = this.keepNewest(field);
      if (kept !== field) copy = { ...(copy ?? (value as Record<string, unknown>)), [key]: kept };
    }
    return copy ?? value;
  }

  private storedEntity(value: Versioned): Versioned | null {
    const selection = selections[value.__typename];
    const id = this.identify(value);
    if (selection === undefined || id === undefined) return null;
    return this.readFragment<Versioned>({ id, ...selection });
  }
}
