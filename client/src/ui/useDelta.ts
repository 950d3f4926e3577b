import { useEffect, useState } from 'react';

/** A change stands beside its number this long after the last one. */
const deltaMs = 4_000;

type Seen = { of: string; value: number | null; delta: number };

/**
 * By how much a number changed lately; 0 when it has been still for a while. Changes that follow each other are one.
 *
 * From not known (null) to a first value, and from one thing's number to another's, is no change.
 *
 * @param of  whose number it is
 */
export function useDelta(of: string, value: number | null): number {
  const [seen, setSeen] = useState<Seen>({ of, value, delta: 0 });
  const now = nextSeen(seen, of, value);
  if (now !== seen) setSeen(now);
  useEffect(() => {
    if (now.delta === 0) return;
    const timer = setTimeout(() => setSeen((last) => (last === now ? { ...now, delta: 0 } : last)), deltaMs);
    return () => clearTimeout(timer);
  }, [now]);
  return now.delta;
}

/** Pure: what is known after a number was looked at once more. */
export function nextSeen(seen: Seen, of: string, value: number | null): Seen {
  if (seen.of === of && seen.value === value) return seen;
  if (seen.of !== of || seen.value === null || value === null) return { of, value, delta: 0 };
  return { of, value, delta: seen.delta + value - seen.value };
}
