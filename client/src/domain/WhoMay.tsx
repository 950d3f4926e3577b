import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { OwnersDocument } from '../gql/operations.js';
import { isolated } from '../ui/format.js';
import { useAccount } from './account.js';

/** For those who may not change something: who can, by name as far as owners have signed in. */
export function WhoMay() {
  const { accountId } = useAccount();
  const { data } = useQuery(OwnersDocument, { variables: { accountId } });
  const owners = (data?.account?.members.edges ?? [])
    .filter(({ node }) => node.role === 'OWNER')
    .map(({ node }) => isolated(node.name ?? node.id));
  return (
    <span data-who-may>
      {owners.length === 0
        ? t`An owner of the account can change this.`
        : t`An owner of the account can change this: ${owners.join(', ')}.`}
    </span>
  );
}
