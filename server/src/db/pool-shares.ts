/** How many connections each pool of a process may open at most. */
export interface PoolShares {
  /** Looks up API keys and their makers. */
  readonly signIn: number;
  /** Reads reports. */
  readonly reports: number;
  /** Reads and writes entities. */
  readonly entities: number;
  /** Reads balances, lists and events. */
  readonly reads: number;
}

/**
 * Divides POOL_SIZE among the pools: together they open no more.
 *
 * @param poolSize  at least 6; a sign-in and a report keep a share of their own, so that neither waits for the other or for a list
 */
export function sharePool(poolSize: number): PoolShares {
  const signIn = poolSize < 8 ? 1 : 2;
  const reports = Math.max(1, Math.min(3, Math.floor(poolSize / 5)));
  const rest = poolSize - signIn - reports;
  const entities = Math.floor(rest / 2);
  return { signIn, reports, entities, reads: rest - entities };
}
