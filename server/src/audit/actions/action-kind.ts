/** A kind of deed that the audit log tells of. Each lies in a file of this folder, all of them in the table of `actions.ts`. */
export interface ActionKind<F extends object> {
  /** What was done, in one sentence for a person; who did it and when stand beside it. */
  describe(facts: F): string;
  /** Readers of facts as they are kept, one for each version of their format, the oldest first. Source: docs/upgrades.md */
  readonly formats: readonly ((kept: never) => F)[];
}

/** Facts that are read as they were written. */
export function asKept<F>(kept: F): F {
  return kept;
}
