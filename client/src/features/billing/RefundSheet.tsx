import { t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { Undo2 } from 'lucide-react';
import { readingOf } from '../../apollo/reading.js';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { creditsOfInWords } from '../../domain/balance.js';
import { priceOf } from '../../domain/offers.js';
import { RefundDocument, RefundPreviewDocument } from '../../gql/billing.js';
import type { PurchaseFieldsFragment, RefundPreviewQuery } from '../../gql/billing.js';
import { formatCredits } from '../../ui/format.js';
import { Part } from '../../ui/Part.js';
import { Sheet, useCloseSheet } from '../../ui/Sheet.js';
import { useToast } from '../../ui/Toasts.js';
import { Pay } from './Pay.js';
import type { Step } from './Pay.js';
import styles from './Buying.module.css';

type Preview = RefundPreviewQuery['previewRefund'];

/** What a refund gives and takes, by the server's own preview, and the refund. */
export function RefundSheet({ purchase, onClose }: { purchase: PurchaseFieldsFragment; onClose: () => void }) {
  const preview = readingOf(
    useQuery(RefundPreviewDocument, { variables: { purchaseId: purchase.id }, fetchPolicy: 'network-only' }),
    (data) => data.previewRefund,
  );
  const shown = preview.value;
  const words = (credits: number): string => creditsOfInWords(credits, purchase.pack.creditType);
  return (
    <Sheet
      title={t`Refund of ${words(purchase.credits + purchase.bonusCredits)}`}
      onClose={onClose}
      actions={shown !== null && shown.notAllowed === null && <Act purchase={purchase} preview={shown} />}
    >
      <Part what={t`The refund`} of={preview} height={160}>
        {({ refundedCredits, revokedCredits, balanceAfter, money, notAllowed }) =>
          notAllowed === null ? (
            <dl className={styles.rows}>
              <div>
                <dt>{t`Unused, given back`}</dt>
                <dd>
                  {words(refundedCredits)}
                  {revokedCredits > 0 && <small>{t`and ${formatCredits(revokedCredits)} that were free`}</small>}
                </dd>
              </div>
              <div>
                <dt>{t`You get back`}</dt>
                <dd data-money={money.amountMinor}>{priceOf({ price: money })}</dd>
              </div>
              <div className={styles.sum}>
                <dt>{t`Left after it`}</dt>
                <dd data-after={balanceAfter}>{words(balanceAfter)}</dd>
              </div>
            </dl>
          ) : (
            <p>{notAllowed.message}</p>
          )
        }
      </Part>
    </Sheet>
  );
}

function Act({ purchase, preview }: { purchase: PurchaseFieldsFragment; preview: Preview }) {
  const client = useApolloClient();
  const close = useCloseSheet();
  const show = useToast();
  const [step, setStep] = useState<Step>({ is: 'ready' });
  const key = useRef<string>(null);
  const money = priceOf({ price: preview.money });
  const ask = async (): Promise<Step> => {
    key.current ??= crypto.randomUUID();
    const input = { purchaseId: purchase.id, idempotencyKey: key.current };
    const { data } = await untilAnswered(() => client.mutate({ mutation: RefundDocument, variables: { input } }));
    const result = data?.refundPurchase;
    if (result?.__typename !== 'PurchaseReceipt')
      return { is: 'refused', why: result?.message ?? t`The server did not answer.` };
    const back = priceOf({ price: result.purchase.refunded });
    show({
      id: `refund:${key.current}`,
      topic: `purchase:${purchase.id}`,
      tone: 'plain',
      icon: <Undo2 size={17} />,
      title: t`${back} refunded`,
      text: t`It goes back to where it came from; a bank may take some days.`,
    });
    close();
    return { is: 'ready' };
  };
  const refund = async (): Promise<void> => {
    setStep({ is: 'asking' });
    setStep(await ask().catch((error: unknown): Step => ({ is: 'refused', why: messageOf(error) })));
  };
  return (
    <Pay
      step={step}
      onPay={() => void refund()}
      note={t`The money goes back to the card that paid. This cannot be taken back.`}
    >
      {t`Give back and refund ${money}`}
    </Pay>
  );
}
