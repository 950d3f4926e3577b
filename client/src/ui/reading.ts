/** Something that was asked of the server, as a part of a page needs it. */
export type Reading<T> = {
  /** What was read; null until it is there. */
  value: T | null;
  /** Why it could not be read, in a sentence; null while it can. */
  problem: string | null;
  /** Asks again; resolves when that is answered, or cannot be. Never rejects. */
  again: () => Promise<unknown>;
};

/**
 * Two readings as one, for a part that needs both: there when both are, failed when one has failed.
 *
 * Asking again asks for those that are not there.
 */
export function both<A, B>(first: Reading<A>, second: Reading<B>): Reading<readonly [A, B]> {
  return {
    value: first.value === null || second.value === null ? null : [first.value, second.value],
    problem: (first.value === null ? first.problem : null) ?? (second.value === null ? second.problem : null),
    again: () =>
      Promise.all([first, second].map((each) => (each.value === null ? each.again() : Promise.resolve(undefined)))),
  };
}
