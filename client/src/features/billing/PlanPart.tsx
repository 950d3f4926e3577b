import { t } from '@lingui/core/macro';
import { shareOf, useAccount } from '../../domain/account.js';
import { useBuy } from '../../domain/buying.js';
import { priceOf, useOffers } from '../../domain/offers.js';
import { Offer } from '../../domain/Offer.js';
import type { PlanFieldsFragment } from '../../gql/operations.js';
import { Button } from '../../ui/Button.js';
import { creditsInWords } from '../../ui/format.js';
import { Part } from '../../ui/Part.js';
import { both } from '../../ui/reading.js';
import { Section } from '../../ui/Section.js';
import { formatInstant, formatRemaining, formatUtc } from '../../ui/time.js';
import { useRights } from './useRights.js';
import type { Rights } from './useRights.js';
import styles from './Billing.module.css';

/** The plan one is on, when it renews, what takes over, and the plans to change to. */
export function PlanPart() {
  const account = useAccount();
  const { details, standard } = account;
  const known = shareOf(account, details === null || standard === null ? null : { details, standard });
  const rights = useRights();
  const offers = useOffers();
  return (
    <Section id="plan" title={t`Plan`}>
      <Part what={t`Your plan`} of={both(known, both(rights, offers))} height={200}>
        {([
          {
            details: { plan, timeZone },
            standard: { nextResetAt },
          },
          [mine, { plans }],
        ]) => (
          <div className={styles.stack}>
            <p className={styles.plan} data-plan={plan.code}>
              <b>{plan.name}</b> {plan.price !== null && <span>{t`${priceOf({ price: plan.price })} a month`}</span>}
            </p>
            <p className={styles.note}>
              <Renewal at={Date.parse(nextResetAt)} timeZone={timeZone} credits={plan.monthlyCredits} />
            </p>
            <Next rights={mine} plan={plan} at={nextResetAt} />
            {mine.mayBuy && (
              <div className={styles.stack} role="group" aria-label={t`Change plan`}>
                {plans
                  .filter(({ code }) => code !== plan.code && code !== mine.nextPlan?.code)
                  .map((each) => (
                    <Offer key={each.code} kind="plan" item={each} />
                  ))}
              </div>
            )}
          </div>
        )}
      </Part>
    </Section>
  );
}

/** In the account's own zone, since that is where its days begin. */
function Renewal({ at, timeZone, credits }: { at: number; timeZone: string; credits: number }) {
  const { now } = useAccount();
  const when = formatInstant(at, { timeZone });
  return (
    <>
      <time dateTime={new Date(at).toISOString()} title={formatUtc(at)}>
        {credits > 0 ? t`Renews to ${creditsInWords(credits)} on ${when}` : t`The period ends on ${when}`}
      </time>{' '}
      <span>{t`(${timeZone})`}</span>
      {now !== null && <span role="timer">{t`, in ${formatRemaining(at - now)}`}</span>}
    </>
  );
}

/** A change that waits for the boundary, and the way to take it back. */
function Next({ rights, plan, at }: { rights: Rights; plan: PlanFieldsFragment; at: string }) {
  const buy = useBuy();
  if (rights.nextPlan === null) return null;
  return (
    <div className={styles.notice} data-next-plan={rights.nextPlan.code}>
      <p>{t`${rights.nextPlan.name} takes over on ${formatInstant(Date.parse(at))}.`}</p>
      {rights.mayBuy && (
        <Button onClick={() => buy({ kind: 'plan', code: plan.code })}>{t`Stay on ${plan.name}`}</Button>
      )}
    </div>
  );
}
