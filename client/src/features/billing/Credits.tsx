import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { shareOf, useAccount } from '../../domain/account.js';
import { stripOf } from '../../domain/balance.js';
import { ByFeatureDocument } from '../../gql/billing.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Figure } from '../../ui/Figure.js';
import { Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { Strip } from '../../ui/Strip.js';
import { formatDate, localDate } from '../../ui/time.js';
import { BurnOrder } from './BurnOrder.js';
import { UsageLink } from './UsageLink.js';
import { featureName } from '../../domain/work-kinds.js';
import { useFresh } from './useFresh.js';
import styles from './Billing.module.css';

/** What is left, used and given each month; by what it was used for; and what goes next. */
export function Credits() {
  const account = useAccount();
  return (
    <Section id="credits" title={t`Credits`} aside={<UsageLink>{t`Usage details`}</UsageLink>}>
      <Part what={t`Your balance`} of={shareOf(account, account.standard)} height={120}>
        {(standard) => <Left balance={standard} />}
      </Part>
      <ByFeature />
      <BurnOrder creditType="STANDARD" />
    </Section>
  );
}

function Left({ balance }: { balance: BalanceFieldsFragment }) {
  const { plan } = useAccount();
  const { id, available, held, used } = balance;
  return (
    <div className={styles.left}>
      <p className={styles.figures}>
        <Figure of={id} value={available} unit={t`left`} size="title" mark="billing-available" />
        <span>
          <b>{formatCredits(used)}</b> <span>{t`used`}</span>
        </span>
        {held > 0 && (
          <span>
            <b>{formatCredits(held)}</b> <span>{t`on hold`}</span>
          </span>
        )}
        {plan !== null && (
          <span>
            <b>{formatCredits(plan.monthlyCredits)}</b> <span>{t`a month`}</span>
          </span>
        )}
      </p>
      <Strip size={12} label={t`Credits left`} {...stripOf(balance)} />
      {balance.waiting > 0 && (
        <p className={styles.note} data-waiting>
          {t`${creditsInWords(balance.waiting)} that you bought wait for a paid plan. They are yours, and usable again on one.`}
        </p>
      )}
    </div>
  );
}

/** Since the period began, by the part of the platform. */
function ByFeature() {
  const { accountId, details, now } = useAccount();
  const zone = details?.timeZone ?? 'UTC';
  const from = details === null ? '' : localDate(Date.parse(details.period.start), zone);
  const to = localDate(now ?? 0, zone);
  const usage = useFresh(
    readingOf(
      useQuery(ByFeatureDocument, {
        variables: { input: { accountId, from, to, groupBy: ['FEATURE'] } },
        skip: details === null || now === null,
      }),
      (data) => data.usage,
    ),
  );
  return (
    <Part what={t`What it was used for`} of={usage} height={96}>
      {({ rows, total }) => {
        const paid = rows.filter(({ credits }) => credits > 0).toSorted((a, b) => b.credits - a.credits);
        return (
          <div>
            <h3 className={styles.small}>{t`By feature, since ${formatDate(from)}`}</h3>
            {paid.length === 0 ? (
              <p className={styles.note}>{t`Nothing was used yet.`}</p>
            ) : (
              <dl className={styles.bars}>
                {paid.map(({ feature, credits }) => (
                  <div key={feature}>
                    <dt>{feature === null ? t`Other` : featureName(feature)}</dt>
                    <dd>
                      <i aria-hidden="true" style={{ inlineSize: `${(60 * credits) / total}%` }} />{' '}
                      <span>{formatCredits(credits)}</span>
                    </dd>
                  </div>
                ))}
              </dl>
            )}
          </div>
        );
      }}
    </Part>
  );
}
