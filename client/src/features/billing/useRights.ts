import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { mayBuy } from '../../domain/rights.js';
import { RightsDocument } from '../../gql/billing.js';
import type { RightsQuery } from '../../gql/billing.js';
import type { Reading } from '../../ui/reading.js';
import { useOnChange } from '../../ui/useOnChange.js';

export type Rights = {
  /** Whether the viewer may buy for the account, by the server's word. */
  mayBuy: boolean;
  /** The plan that takes over at the boundary; null: the present one stays. */
  nextPlan: NonNullable<RightsQuery['account']>['nextPlan'];
  supportAddress: string | null;
};

/** What the viewer may do here; asked anew when the account is on another plan. */
export function useRights(): Reading<Rights> {
  const { accountId, plan } = useAccount();
  const rights = readingOf(
    useQuery(RightsDocument, { variables: { accountId } }),
    ({ account, supportAddress }) => account && { mayBuy: mayBuy(account), nextPlan: account.nextPlan, supportAddress },
  );
  useOnChange(plan?.code ?? null, 500, () => void rights.again());
  return rights;
}
