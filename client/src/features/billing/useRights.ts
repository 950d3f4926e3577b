import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { RightsDocument } from '../../gql/billing.js';
import type { Reading } from '../../ui/reading.js';

/** Whether the viewer may buy for the account, by the server's word. */
export function useMayBuy(): Reading<boolean> {
  const { accountId } = useAccount();
  const result = useQuery(RightsDocument, { variables: { accountId } });
  return readingOf(result, ({ account }) => account?.viewerScopes.includes('credits:purchase'));
}
