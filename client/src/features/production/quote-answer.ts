type Answer = { __typename: string } & Partial<{ expiresAt: string; balance: { version: number; history: string } }>;

/**
 * Of two answers to one question the newer: a quote's end tells when it was made, and where a test clock stands its balance does. What was asked for counts
 * where nothing tells, since it is asked for only while nothing is told.
 */
export function newerAnswer<T extends Answer>(told: T, asked: T | null): T {
  if (asked === null) return told;
  const [a, b] = [asked, told];
  if (a.expiresAt === undefined || b.expiresAt === undefined || a.balance?.history !== b.balance?.history) return asked;
  const laterMs = Date.parse(b.expiresAt) - Date.parse(a.expiresAt);
  if (laterMs !== 0) return laterMs > 0 ? told : asked;
  return (b.balance?.version ?? 0) > (a.balance?.version ?? 0) ? told : asked;
}
