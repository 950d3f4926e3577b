import type { ValueTransformer } from 'typeorm';

/** A `bigint` column as a JS number. Refuses what a number cannot hold exactly; null stays null. */
export const safeInteger: ValueTransformer = {
  to: (value: number | null): number | null => value,
  from: (value: string | number | null): number | null => {
    if (value === null) return null;
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is not a safe integer`);
    return number;
  },
};

/** A `timestamptz` column as epoch milliseconds; null stays null. */
export const epochMilliseconds: ValueTransformer = {
  to: (value: number | null): Date | null => (value === null ? null : new Date(value)),
  from: (value: Date | string | number | null): number | null => (value === null ? null : new Date(value).getTime()),
};
