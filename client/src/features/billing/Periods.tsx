import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { PeriodsDocument } from '../../gql/billing.js';
import { Button } from '../../ui/Button.js';
import { formatCredits } from '../../ui/format.js';
import { Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { formatDay } from '../../ui/time.js';
import { UsageLink } from './UsageLink.js';
import { useFresh } from './useFresh.js';
import styles from './Billing.module.css';

const firstShown = 6;
const shownMax = 36;

/** What came and went in each period: they sum to the account's statement. */
export function Periods() {
  const { accountId, details } = useAccount();
  const [first, setFirst] = useState(firstShown);
  const result = useQuery(PeriodsDocument, { variables: { accountId, first } });
  const periods = useFresh(
    readingOf({ ...result, data: result.data ?? result.previousData }, ({ account }) => account?.periods),
  );
  const timeZone = details?.timeZone ?? 'UTC';
  const day = (at: string): string => formatDay(Date.parse(at), { timeZone });
  return (
    <Section id="periods" title={t`Periods`} aside={<UsageLink>{t`Usage details`}</UsageLink>}>
      <Part what={t`The periods`} of={periods} height={200}>
        {({ edges, pageInfo }) => (
          <>
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col">{t`Period`}</th>
                  <th scope="col">{t`Came in`}</th>
                  <th scope="col">{t`Used`}</th>
                  <th scope="col">{t`Expired`}</th>
                  <th scope="col">{t`Given back`}</th>
                </tr>
              </thead>
              <tbody>
                {edges.map(({ node }) => (
                  <tr key={node.period.number} data-period={node.period.number}>
                    <th scope="row">
                      {node.open
                        ? t`Since ${day(node.period.start)}`
                        : `${day(node.period.start)} – ${day(node.period.end)}`}
                    </th>
                    <td>{formatCredits(node.granted.reduce((sum, { credits }) => sum + credits, 0))}</td>
                    <td>{formatCredits(node.spent)}</td>
                    <td>{formatCredits(node.expired)}</td>
                    <td>{formatCredits(node.refunded + node.revoked)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {pageInfo.hasNextPage && first < shownMax && (
              <Button tone="quiet" onClick={() => setFirst(shownMax)}>{t`Show earlier periods`}</Button>
            )}
          </>
        )}
      </Part>
    </Section>
  );
}
