import type { DemoSession } from '../auth/demo-session.js';
import type { Authenticate } from '../auth/verify-token.js';
import type { Stamp } from './dashboard-routes.js';
import type { GraphQLEngine } from './engine/graphql-engine.js';
import { nextRequestId } from './request-id.js';

/** As many movements as the page asks for when it was not stamped; with another number it would ask again. */
const ENTRIES = 15;

/** What the Dashboard asks first, with the type names that its cache needs. Source: client/STAMP.md */
const STAMPED = `query Stamped($accountId: ID!) {
  account(id: $accountId) {
    __typename id name timeZone sandbox now
    plan { __typename code name monthlyCredits productionRoom deepScans canPurchase price { __typename amountMinor currency } }
    period { __typename number start end }
    standard: balance(creditType: STANDARD) { ...Whole }
    scan: balance(creditType: SCAN) { ...Whole }
    entries(first: ${ENTRIES}) {
      __typename
      edges { __typename cursor node { ...Movement } }
      pageInfo { __typename hasNextPage endCursor }
    }
  }
}
fragment Whole on Balance {
  __typename id accountId creditType available held used allowance allowanceLeft purchased promotional waiting usedPercent level nextResetAt version history asOf
}
fragment Movement on Entry {
  __typename id kind creditType amount availableBefore availableAfter version at explanation
  reservation {
    __typename id accountId creditType status reserved held committed released outcome reference version history createdAt expiresAt closedAt mayClose
    lines { __typename quantity unitCredits credits operation { __typename code name feature type size } }
  }
}`;

interface StampedAccount {
  readonly plan: { readonly code: string };
  readonly standard: Stamp;
}

/** Whose balance a page of the demo begins with. */
export type StampedRole = 'free' | 'pro' | 'enterprise';

/** The `as` of a page's address, Pro when it names nobody. */
export function stampedRole(as: unknown): StampedRole {
  return as === 'free' || as === 'enterprise' ? as : 'pro';
}

/**
 * Reads what a page of the demo is stamped with: the balance, and the account with what moved last, exactly as the API
 * answers it to that session.
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
    document: engine.parse(STAMPED),
    variables: { accountId: session.accountId },
    mayIntrospect: false,
    isKept: true,
  });
  if ('errors' in prepared) return null;
  const { data } = await engine.execute(prepared.ready, { caller, requestId: nextRequestId(), address: 'dashboard' });
  const { account } = (data ?? {}) as { account?: StampedAccount | null };
  if (account == null) return null;
  return { ...account.standard, plan: account.plan.code, account, session: { as, token: session.token } };
}
