import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import { OwnersDocument } from '../../gql/billing.js';
import { isolated, textLocale } from '../../ui/format.js';

/** Who may not buy is told who can, by name as far as the server has seen them. */
export function NotYours() {
  const { accountId } = useAccount();
  const { data } = useQuery(OwnersDocument, { variables: { accountId } });
  const owners = (data?.account?.members.edges ?? [])
    .filter(({ node }) => node.role === 'OWNER')
    .map(({ node }) => isolated(node.name ?? node.id));
  const named = new Intl.ListFormat(textLocale, { type: 'conjunction' }).format(owners);
  return (
    <p data-not-yours>
      {t`Your access to this account does not include buying. An owner of the account can buy credits, change the plan and ask for refunds.`}{' '}
      {owners.length > 0 && <span>{t`Owners: ${named}.`}</span>}
    </p>
  );
}
