import type { CreditType } from '../../catalog/catalog.js';
import type { GrantSource } from '../core/state.js';
import type { Answer } from '../rows/answer.js';
import { ask, type Cut, type OfAccount, type PastReader, type Question } from './cut.js';
import { readOwned } from './read-owned.js';

/** A part of an account's journal, seen by one credit type: from one place to another. */
export interface TypeSpan extends OfAccount {
  readonly creditType: CreditType;
  readonly from: Cut;
  readonly to: Cut;
}

/** In the order in which they are shown. */
export const SOURCES: readonly GrantSource[] = [
  'ALLOWANCE',
  'UPGRADE',
  'ROLLOVER',
  'PURCHASE',
  'BONUS',
  'PROMOTION',
  'ADJUSTMENT',
];

/** What came and what went within a span, but for what was spent. */
export interface Sums {
  readonly granted: Readonly<Partial<Record<GrantSource, number>>>;
  readonly expired: number;
  readonly refunded: number;
  readonly revoked: number;
}

/**
 * What came and what went within a span: `opening + granted - spent - expired - refunded - revoked = closing`, where opening and closing
 * are all that was owned.
 */
export interface Movements extends Sums {
  readonly opening: number;
  readonly spent: number;
  readonly closing: number;
}

/* By the index of these kinds alone, which reserves, commits and releases are not in; the type leads it, as in read-owned.ts. */
const SUMS = {
  name: 'past_sums',
  text: `/* past.sums */ SELECT u.place, s.kind, s.source, s.credits
    FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::integer[], $5::bigint[], $6::integer[]) WITH ORDINALITY
      AS u(account_id, credit_type, from_version, from_ordinal, to_version, to_ordinal, place)
    CROSS JOIN LATERAL (
      SELECT j.kind, g.source, sum(j.amount)::bigint AS credits FROM journal j
      LEFT JOIN credit_grant g ON j.kind = 'GRANT' AND g.account_id = j.account_id AND g.grant_id = j.grant_id
      WHERE j.account_id = u.account_id AND j.kind IN ('GRANT', 'EXPIRE', 'REFUND', 'REVOKE')
        AND (j.credit_type, j.version, j.ordinal) >= (u.credit_type, u.from_version, u.from_ordinal)
        AND (j.credit_type, j.version, j.ordinal) < (u.credit_type, u.to_version, u.to_ordinal)
      GROUP BY j.kind, g.source) s`,
  answer: { place: 'bigint', kind: 'text', source: 'text?', credits: 'bigint' },
} as const satisfies Question<Answer>;

const FIELD = { EXPIRE: 'expired', REFUND: 'refunded', REVOKE: 'revoked' } as const;

/** What came and went within each span, in the order asked; costs by what was granted, expired, refunded and revoked in it. */
export async function readSums(reader: PastReader, spans: readonly TypeSpan[]): Promise<readonly Sums[]> {
  const rows = await ask(reader, SUMS, [
    spans.map(({ accountId }) => accountId),
    spans.map(({ creditType }) => creditType),
    spans.map(({ from }) => from.version),
    spans.map(({ from }) => from.ordinal),
    spans.map(({ to }) => to.version),
    spans.map(({ to }) => to.ordinal),
  ]);
  const sums = spans.map(() => ({
    granted: {} as Partial<Record<GrantSource, number>>,
    expired: 0,
    refunded: 0,
    revoked: 0,
  }));
  for (const { place, kind, source, credits } of rows) {
    const own = sums[place - 1];
    if (!own) continue;
    if (kind === 'GRANT') own.granted[source as GrantSource] = credits;
    else own[FIELD[kind as keyof typeof FIELD]] = credits;
  }
  return sums;
}

export function sumOf(granted: Sums['granted']): number {
  return SOURCES.reduce((sum, source) => sum + (granted[source] ?? 0), 0);
}

/**
 * What came and went within each span, in the order asked. What was spent follows from the rest: each movement leaves what it did in the
 * account's buckets, so that no commit has to be read.
 */
export async function readMovements(reader: PastReader, spans: readonly TypeSpan[]): Promise<readonly Movements[]> {
  const sums = await readSums(reader, spans);
  const owned = await readOwned(
    reader,
    spans.flatMap(({ accountId, creditType, from, to }) => [
      { accountId, creditType, cut: from },
      { accountId, creditType, cut: to },
    ]),
  );
  return sums.map((own, index) => {
    const [before, after] = [owned[2 * index], owned[2 * index + 1]];
    const opening = before ? before.available + before.held : 0;
    const closing = after ? after.available + after.held : 0;
    const spent = opening + sumOf(own.granted) - own.expired - own.refunded - own.revoked - closing;
    return { ...own, opening, spent, closing };
  });
}
