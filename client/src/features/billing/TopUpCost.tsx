import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import { priceOf } from '../../domain/offers.js';
import { TopUpPreviewDocument } from '../../gql/billing.js';
import type { Rule } from './useTopUp.js';
import styles from './Billing.module.css';

/** What the rule may cost, and whether it would buy at once, by the server's own preview. */
export function TopUpCost({ rule, isOn, hasMethod }: { rule: Rule; isOn: boolean; hasMethod: boolean }) {
  const { accountId, standard } = useAccount();
  const { data, previousData } = useQuery(TopUpPreviewDocument, {
    variables: { input: { accountId, creditType: 'STANDARD', enabled: true, ...rule } },
    skip: !hasMethod,
    fetchPolicy: 'cache-and-network',
  });
  if (!hasMethod)
    return <p id="top-up-cost" className={styles.note}>{t`It needs a saved card, which it can charge without you.`}</p>;
  const preview = (data ?? previousData)?.previewAutoTopUp;
  if (preview === undefined)
    return (
      <p id="top-up-cost" className={styles.note}>
        &nbsp;
      </p>
    );
  if (preview.__typename !== 'AutoTopUpPreview')
    return (
      <p id="top-up-cost" className={styles.note}>
        {'message' in preview ? preview.message : ''}
      </p>
    );
  const most = priceOf({ price: preview.mostPerPeriod });
  const buysNow = !isOn && preview.buysNow && standard !== null;
  return (
    <p id="top-up-cost" className={styles.note} data-top-up-cost={preview.mostPerPeriod.amountMinor}>
      {t`${priceOf({ price: preview.price })} each time, at most ${most} in a period.`}{' '}
      {buysNow && <b>{t`It would buy at once: you are at that mark already.`}</b>}
    </p>
  );
}
