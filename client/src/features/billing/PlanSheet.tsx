import { t } from '@lingui/core/macro';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { creditsOfInWords } from '../../domain/balance.js';
import { priceOf } from '../../domain/offers.js';
import { PlanChangeDocument } from '../../gql/billing.js';
import type { PlanChangeQuery } from '../../gql/billing.js';
import type { PlanCode } from '../../gql/operations.js';
import { creditsInWords } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { Part } from '../../ui/Part.js';
import { both } from '../../ui/reading.js';
import { Sheet } from '../../ui/Sheet.js';
import { formatDay } from '../../ui/time.js';
import { NotYours } from './NotYours.js';
import { Pay } from './Pay.js';
import { useChangePlan } from './useChangePlan.js';
import { useRights } from './useRights.js';
import styles from './Buying.module.css';

type Preview = PlanChangeQuery['previewPlanChange'];

/** What another plan changes, by the server's own preview, and the change. */
export function PlanSheet({ code, onClose }: { code: PlanCode; onClose: () => void }) {
  const { accountId, plan, standard } = useAccount();
  const rights = useRights();
  const preview = readingOf(
    useQuery(PlanChangeDocument, { variables: { accountId, plan: code }, fetchPolicy: 'network-only' }),
    (data) => data.previewPlanChange,
  );
  const to = preview.value;
  // A change waits for the boundary or is in force at once: the page's clock may be seconds behind the server's.
  const isLater = to !== null && to.effectiveAt === standard?.nextResetAt;
  return (
    <Sheet
      title={to === null ? t`Change plan` : titleOf(to, isLater, plan?.code ?? null)}
      onClose={onClose}
      actions={to !== null && rights.value?.mayBuy === true ? <Act preview={to} isLater={isLater} /> : undefined}
    >
      <Part what={t`What would change`} of={both(preview, rights)} height={260}>
        {([shown, { mayBuy: may }]) => (
          <>
            <Changes preview={shown} isLater={isLater} />
            {!may && <NotYours />}
          </>
        )}
      </Part>
    </Sheet>
  );
}

function Act({ preview, isLater }: { preview: Preview; isLater: boolean }) {
  const { step, change } = useChangePlan(preview.plan);
  return (
    <Pay step={step} onPay={() => void change()} note={noteOf(preview)}>
      {actOf(preview, isLater)}
    </Pay>
  );
}

function titleOf({ plan }: Preview, isLater: boolean, present: PlanCode | null): string {
  if (plan.code === present) return t`Stay on ${plan.name}`;
  return isLater ? t`Change to ${plan.name}` : t`Upgrade to ${plan.name}`;
}

function actOf({ plan, chargeNow, effectiveAt }: Preview, isLater: boolean): string {
  if (isLater) return t`Change to ${plan.name} on ${formatDay(Date.parse(effectiveAt))}`;
  if (chargeNow !== null) return t`Change to ${plan.name} for ${priceOf({ price: chargeNow })}`;
  const price = priceOf(plan);
  return price === null ? t`Change to ${plan.name} now` : t`Change to ${plan.name} for ${price} a month`;
}

function noteOf({ chargeNow }: Preview): string {
  return chargeNow === null
    ? t`Nothing is charged here and now.`
    : t`You pay at the checkout and come back to this page. The plan changes when it is paid.`;
}

function Changes({ preview, isLater }: { preview: Preview; isLater: boolean }) {
  const { plan: present } = useAccount();
  const { plan, creditsNow, creditsNowUntil, lost, waitingAfter, scanWaitingAfter } = preview;
  const included = (isIncluded: boolean): string => (isIncluded ? t`Included` : t`Not included`);
  return (
    <>
      <dl className={styles.rows}>
        <div>
          <dt>{t`In force`}</dt>
          <dd>{isLater ? <Instant at={Date.parse(preview.effectiveAt)} /> : t`At once`}</dd>
        </div>
        {creditsNow > 0 && (
          <div>
            <dt>{t`Comes with it now`}</dt>
            <dd data-credits-now={creditsNow}>
              <b>{creditsInWords(creditsNow)}</b>
              {creditsNowUntil !== null && <small>{t`until ${formatDay(Date.parse(creditsNowUntil))}`}</small>}
            </dd>
          </div>
        )}
        <div>
          <dt>{t`Credits a month`}</dt>
          <dd>
            {creditsInWords(preview.monthlyCreditsAfter)}
            {present !== null && <small>{t`now ${creditsInWords(present.monthlyCredits)}`}</small>}
          </dd>
        </div>
        <div>
          <dt>{t`Price a month`}</dt>
          <dd>{priceOf(plan) ?? t`By agreement`}</dd>
        </div>
        <div>
          <dt>{t`Production Room`}</dt>
          <dd>{included(preview.productionRoomAfter)}</dd>
        </div>
        <div>
          <dt>{t`Deep Scans`}</dt>
          <dd>{included(preview.deepScansAfter)}</dd>
        </div>
      </dl>
      {lost > 0 && <p className={styles.warning}>{t`${creditsInWords(lost)} end when it takes effect.`}</p>}
      {waitingAfter > 0 && (
        <p className={styles.warning}>
          {t`${creditsInWords(waitingAfter)} that you bought wait then, until you are on a paid plan again. They are not lost.`}
        </p>
      )}
      {scanWaitingAfter > 0 && (
        <p className={styles.warning}>
          {t`${creditsOfInWords(scanWaitingAfter, 'SCAN')} that you bought wait then, too.`}
        </p>
      )}
    </>
  );
}
