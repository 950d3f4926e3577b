import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { BudgetUsesDocument } from '../../gql/budgets.js';
import type { BudgetFieldsFragment, BudgetUsesQuery } from '../../gql/budgets.js';
import { formatCredits } from '../../ui/format.js';
import { Part } from '../../ui/Part.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { LeftBar } from './LeftBar.js';
import styles from './MemberUses.module.css';

type Props = { budget: BudgetFieldsFragment; viewerId: string };
type Uses = NonNullable<BudgetUsesQuery['account']>['budgets'][number]['uses'];

/** Behind a line that opens: how much of a budget for each member each has used, the fullest first. */
export function MemberUses(props: Props) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className={styles.uses} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{t`Each member`}</summary>
      {isOpen && <Members {...props} />}
    </details>
  );
}

function Members({ budget, viewerId }: Props) {
  const { accountId } = useAccount();
  const uses = readingOf(
    useQuery(BudgetUsesDocument, { variables: { accountId } }),
    (data) => data.account?.budgets.find(({ id }) => id === budget.id)?.uses,
  );
  // Its own figures are read anew with the account's: whatever moved them moved a member's.
  useOnChange(`${budget.consumed} ${budget.held}`, 1_000, () => void uses.again());
  return (
    <Part what={t`The members`} of={uses} height={64}>
      {(shown) => <List uses={shown} budget={budget} viewerId={viewerId} />}
    </Part>
  );
}

function List({ uses, budget, viewerId }: Props & { uses: Uses }) {
  if (uses.edges.length === 0) return <p className={styles.note}>{t`Nobody has used anything of it yet.`}</p>;
  return (
    <ul>
      {uses.edges.map(({ node }) => (
        <li key={node.member ?? ''}>
          <span>
            {node.member === null ? (
              t`all others together`
            ) : node.member === viewerId ? (
              t`you`
            ) : (
              <bdi>{node.member}</bdi>
            )}
          </span>
          <LeftBar
            label={node.member ?? t`all others together`}
            use={{ ...node, limit: budget.limit, creditType: budget.creditType }}
            isThin
          />
          <span className={styles.left}>{t`${formatCredits(node.remaining)} left`}</span>
        </li>
      ))}
      {uses.pageInfo.hasNextPage && <li className={styles.note}>{t`and others who have used less`}</li>}
    </ul>
  );
}
