import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { GrantsDocument } from '../../gql/billing.js';
import type { GrantFieldsFragment } from '../../gql/billing.js';
import type { CreditType } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { Part } from '../../ui/Part.js';
import { sourceWord } from './grant-words.js';
import { useFresh } from './useFresh.js';
import styles from './Billing.module.css';

/** What is there, in the order in which it is used, each with its end. */
export function BurnOrder({ creditType }: { creditType: CreditType }) {
  const { accountId } = useAccount();
  const grants = useFresh(
    readingOf(useQuery(GrantsDocument, { variables: { accountId } }), ({ account }) =>
      creditType === 'SCAN' ? account?.scanGrants : account?.standardGrants,
    ),
  );
  return (
    <Part what={t`What is used first`} of={grants} height={80}>
      {({ edges, pageInfo }) =>
        edges.length === 0 ? null : (
          <div>
            <h3 className={styles.small}>{t`In the order used`}</h3>
            <ol className={styles.list} data-burn-order={creditType}>
              {edges.map(({ node }) => (
                <Grant key={node.id} grant={node} />
              ))}
              {pageInfo.hasNextPage && <li className={styles.note}>{t`Then more, that is used later.`}</li>}
            </ol>
          </div>
        )
      }
    </Part>
  );
}

function Grant({ grant: { source, available, held, expiresAt } }: { grant: GrantFieldsFragment }) {
  return (
    <li>
      <span>
        <b>{formatCredits(available)}</b> <span>{sourceWord(source)}</span>
        {held > 0 && <small>{t`${formatCredits(held)} more on hold`}</small>}
      </span>
      <span className={styles.end}>
        {expiresAt === null ? (
          t`never expires`
        ) : (
          <>
            {t`until`} <Instant at={Date.parse(expiresAt)} show="date" />
          </>
        )}
      </span>
    </li>
  );
}
