import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useQuery } from '@apollo/client/react';
import { ReceiptText } from 'lucide-react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { creditsOfInWords } from '../../domain/balance.js';
import { priceOf } from '../../domain/offers.js';
import { PurchasesDocument } from '../../gql/billing.js';
import type { PurchaseFieldsFragment } from '../../gql/billing.js';
import { Button } from '../../ui/Button.js';
import { Instant } from '../../ui/Instant.js';
import { Empty, Part } from '../../ui/Part.js';
import { Section } from '../../ui/Section.js';
import { State } from '../../ui/State.js';
import { RefundSheet } from './RefundSheet.js';
import { stateOf } from './purchase-words.js';
import { useFresh } from './useFresh.js';
import { useRights } from './useRights.js';
import styles from './Billing.module.css';

const firstShown = 10;
const shownMax = 100;
/** A payment that failed moves no credits: while one is open it is asked about. */
const askEveryMs = 4_000;

/** Every purchase with what became of it, its receipt, and what can be given back. */
export function Receipts() {
  const { accountId } = useAccount();
  const rights = useRights();
  const [first, setFirst] = useState(firstShown);
  const [refunding, setRefunding] = useState<PurchaseFieldsFragment | null>(null);
  const result = useQuery(PurchasesDocument, { variables: { accountId, first } });
  const data = result.data ?? result.previousData;
  const isOpen = data?.account?.purchases.edges.some(({ node }) => node.status === 'PENDING') === true;
  useQuery(PurchasesDocument, {
    variables: { accountId, first },
    skip: !isOpen,
    pollInterval: askEveryMs,
    fetchPolicy: 'cache-first',
    skipPollAttempt: () => document.hidden,
  });
  const purchases = useFresh(readingOf({ ...result, data }, ({ account }) => account?.purchases));
  return (
    <Section id="receipts" title={t`Receipts`}>
      <Part
        what={t`The purchases`}
        of={purchases}
        height={120}
        isEmpty={({ edges }) => edges.length === 0}
        empty={
          <Empty icon={<ReceiptText size={20} />} title={t`Nothing bought yet`}>
            {t`What you buy stands here with its receipt, and what is unused of it can be given back.`}
          </Empty>
        }
      >
        {({ edges, pageInfo }) => (
          <>
            <ul className={styles.receipts}>
              {edges.map(({ node }) => (
                <Receipt
                  key={node.id}
                  purchase={node}
                  mayBuy={rights.value?.mayBuy === true}
                  onRefund={() => setRefunding(node)}
                />
              ))}
            </ul>
            {pageInfo.hasNextPage && first < shownMax && (
              <Button tone="quiet" onClick={() => setFirst(shownMax)}>{t`Show earlier ones`}</Button>
            )}
          </>
        )}
      </Part>
      {refunding !== null && <RefundSheet purchase={refunding} onClose={() => setRefunding(null)} />}
    </Section>
  );
}

function Receipt(props: { purchase: PurchaseFieldsFragment; mayBuy: boolean; onRefund: () => void }) {
  const { purchase, mayBuy } = props;
  const { id, pack, credits, bonusCredits, createdAt, refundableCredits } = purchase;
  const state = stateOf(purchase);
  return (
    <li data-purchase={id} data-status={purchase.status}>
      <div className={styles.line}>
        <span>
          <b>{creditsOfInWords(credits + bonusCredits, pack.creditType)}</b>{' '}
          <small>
            <Instant at={Date.parse(createdAt)} />
            {purchase.origin === 'AUTO' && <span>{t` · by auto top-up`}</span>}
          </small>
        </span>
        <b className={styles.end}>{priceOf(purchase)}</b>
      </div>
      <div className={styles.line}>
        <State shape={state.shape} tone={state.tone} isPassing={purchase.status === 'PENDING'}>
          {state.word}
        </State>
        <span className={styles.acts}>
          {purchase.receiptUrl !== null && <a href={purchase.receiptUrl}>{t`Receipt`}</a>}
          {mayBuy && state.goOn !== null && purchase.checkoutUrl !== null && (
            <a href={purchase.checkoutUrl}>{state.goOn}</a>
          )}
          {mayBuy && refundableCredits > 0 && (
            <button type="button" className={styles.link} onClick={props.onRefund}>
              {t`Refund`}
            </button>
          )}
        </span>
      </div>
      {state.more !== null && <p className={styles.note}>{state.more}</p>}
    </li>
  );
}
