import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { RemoveMethodDocument, UpdateMethodDocument } from '../../gql/billing.js';
import type { TopUpQuery } from '../../gql/billing.js';
import { Button } from '../../ui/Button.js';
import { Sheet, useCloseSheet } from '../../ui/Sheet.js';
import { Pay } from './Pay.js';
import type { Step } from './Pay.js';
import { leaveFor, returnUrl } from './place.js';
import styles from './Billing.module.css';

type SavedMethod = NonNullable<TopUpQuery['account']>['paymentMethod'];

type Props = { method: SavedMethod; mayBuy: boolean; isCharged: boolean; again: () => Promise<unknown> };

/** The card that can be charged without the buyer: added and replaced at a checkout, removed here. */
export function Method({ method, mayBuy, isCharged, again }: Props) {
  const client = useApolloClient();
  const { accountId } = useAccount();
  const [problem, setProblem] = useState<string | null>(null);
  const [isRemoving, setIsRemoving] = useState(false);
  const save = async (): Promise<void> => {
    try {
      const { data } = await client.mutate({
        mutation: UpdateMethodDocument,
        variables: { accountId, returnUrl: returnUrl() },
      });
      if (data === undefined) return;
      leaveFor(data.updatePaymentMethod.checkoutUrl, { accountId, method: true });
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <div className={styles.method} data-method={method?.last4 ?? 'none'}>
      <div className={styles.line}>
        <span>{method === null ? t`No card is saved.` : nameOf(method)}</span>
        {mayBuy && (
          <span className={styles.acts}>
            <Button onClick={() => void save()}>{method === null ? t`Save a card` : t`Replace`}</Button>
            {method !== null && <Button tone="quiet" onClick={() => setIsRemoving(true)}>{t`Remove`}</Button>}
          </span>
        )}
      </div>
      {problem !== null && (
        <p role="alert" className={styles.refused}>
          {problem}
        </p>
      )}
      {isRemoving && method !== null && (
        <Sheet
          title={t`Remove the card`}
          onClose={() => setIsRemoving(false)}
          actions={<Remove again={again} name={nameOf(method)} />}
        >
          <p>
            {isCharged
              ? t`Auto top-up is turned off with it: nothing could be charged.`
              : t`Nothing is charged to it any more.`}
          </p>
        </Sheet>
      )}
    </div>
  );
}

function nameOf({ brand, last4, expiresMonth, expiresYear }: NonNullable<SavedMethod>): string {
  const name = brand.slice(0, 1).toUpperCase() + brand.slice(1);
  const month = String(expiresMonth).padStart(2, '0');
  return t`${name} ending in ${last4}, until ${month}/${expiresYear}`;
}

function Remove({ again, name }: { again: () => Promise<unknown>; name: string }) {
  const client = useApolloClient();
  const { accountId } = useAccount();
  const close = useCloseSheet();
  const [step, setStep] = useState<Step>({ is: 'ready' });
  const remove = async (): Promise<void> => {
    setStep({ is: 'asking' });
    try {
      await client.mutate({ mutation: RemoveMethodDocument, variables: { accountId } });
      await again();
      close();
    } catch (error) {
      setStep({ is: 'refused', why: messageOf(error) });
    }
  };
  return (
    <Pay step={step} onPay={() => void remove()} note={t`You can save another one at any time.`}>
      {t`Remove ${name}`}
    </Pay>
  );
}
