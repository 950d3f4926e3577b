import type { DemoSession } from '../auth/demo-session.js';
import type { Authenticate } from '../auth/verify-token.js';
import type { Stamp } from './dashboard-routes.js';
import type { GraphQLEngine } from './graphql-engine.js';
import { nextRequestId } from './request-id.js';

const BALANCE = `query StampedBalance($accountId: ID!) {
  account(id: $accountId) { plan { code } }
  balance(accountId: $accountId) {
    id accountId creditType available held used allowance allowanceLeft purchased promotional waiting usedPercent level nextResetAt version history asOf
  }
}`;

/** Whose balance a page of the demo begins with. */
export type StampedRole = 'free' | 'pro' | 'enterprise';

/** The `as` of a page's address, Pro when it names nobody. */
export function stampedRole(as: unknown): StampedRole {
  return as === 'free' || as === 'enterprise' ? as : 'pro';
}

/**
 * Reads what a page of the demo is stamped with: the balance exactly as the API answers it to that session.
 *
 * @returns null when it cannot be read; the page then asks for itself
 */
export async function stampBalance(
  engine: GraphQLEngine,
  authenticate: Authenticate,
  as: StampedRole,
  session: DemoSession,
): Promise<Stamp | null> {
  const caller = await authenticate(`Bearer ${session.token}`);
  const prepared = engine.prepare({
    document: engine.parse(BALANCE),
    variables: { accountId: session.accountId },
    mayIntrospect: false,
    isKept: true,
  });
  if ('errors' in prepared) return null;
  const { data } = await engine.execute(prepared.ready, { caller, requestId: nextRequestId(), address: 'dashboard' });
  const { account, balance } = (data ?? {}) as { account?: { plan: { code: string } } | null; balance?: Stamp | null };
  if (account == null || balance == null) return null;
  return { ...balance, plan: account.plan.code, session: { as, token: session.token } };
}
