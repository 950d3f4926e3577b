import { plural, t } from '@lingui/core/macro';
import { creditsOfInWords } from '../../domain/balance.js';
import { useAccount } from '../../domain/account.js';
import { priceOf } from '../../domain/offers.js';
import type { HelpFactsQuery } from '../../gql/help.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import type { Facts } from './facts.js';
import styles from './Help.module.css';

type Operation = HelpFactsQuery['priceList']['operations'][number];
type Pack = HelpFactsQuery['creditPacks'][number];

/** Every operation with its price, as it is sold now. */
export function Cost({ facts }: Facts) {
  const paid = facts.priceList.operations.filter(({ credits }) => credits > 0);
  return (
    <>
      <p>{t`The price is in the button before you press it, and what you were told holds for ten minutes. Now:`}</p>
      <Prices operations={paid} />
      <Free operations={facts.priceList.operations} />
    </>
  );
}

function Prices({ operations }: { operations: readonly Operation[] }) {
  return (
    <table className={styles.prices} data-prices>
      <thead>
        <tr>
          <th scope="col">{t`Work`}</th>
          <th scope="col">{t`Costs`}</th>
        </tr>
      </thead>
      <tbody>
        {operations.map(({ code, name, credits, creditType }) => (
          <tr key={code}>
            <th scope="row">{name}</th>
            <td>{creditsOfInWords(credits, creditType)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Free({ operations }: { operations: readonly Operation[] }) {
  const free = operations.filter(({ credits }) => credits === 0);
  if (free.length === 0) return null;
  return <p>{t`Free: ${free.map(({ name }) => name).join(', ')}.`}</p>;
}

/** What goes on without credits, and what brings new ones. */
export function Empty({ facts, details, balance }: Facts) {
  const { plan } = details;
  return (
    <>
      <Free operations={facts.priceList.operations} />
      {plan.monthlyCredits > 0 && (
        <p>
          <span>{t`New ones come by themselves:`}</span> <Instant at={Date.parse(balance.nextResetAt)} />.
        </p>
      )}
      <p>
        {plan.canPurchase
          ? t`Until then packs can be bought; they are there the moment they are paid.`
          : t`On the plan ${plan.name} no packs can be bought; a larger plan gives credits.`}
      </p>
    </>
  );
}

export function Packs({ facts, details }: Facts) {
  return (
    <>
      {!details.plan.canPurchase && <p>{t`On your plan, ${details.plan.name}, none of these can be bought.`}</p>}
      <ul className={styles.facts} data-packs>
        {facts.creditPacks.map((pack) => (
          <li key={pack.id}>
            <b>{creditsOfInWords(pack.credits, pack.creditType)}</b>
            {pack.bonusCredits > 0 && <span>{t`and ${formatCredits(pack.bonusCredits)} on top`}</span>}
            <span>{priceOf(pack)}</span>
            <span>{goodFor(pack)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function goodFor({ expiresAfterMonths: months }: Pack): string {
  if (months === null) return t`never ends`;
  const number = formatCredits(months);
  return plural(months, { one: `good for ${number} month`, other: `good for ${number} months` });
}

/** The windows of all packs, each once: they are the catalogue's. */
export function Refund({ facts }: Facts) {
  const windows = [...new Set(facts.creditPacks.map(({ refundWindowDays }) => refundWindowDays))].sort((a, b) => a - b);
  return (
    <>
      <p>
        {t`What is unused of a pack can be given back for its share of the price; the money goes back the way it came. What was used stays paid, and what the plan gives is not money.`}
      </p>
      <ul data-refund>
        {windows.map((days) => (
          <li key={days}>{refundWords(days, facts.creditPacks)}</li>
        ))}
      </ul>
    </>
  );
}

function refundWords(days: number, packs: readonly Pack[]): string {
  const names = packs.filter(({ refundWindowDays }) => refundWindowDays === days).map(({ name }) => name);
  if (days === 0) return t`${names.join(', ')}: not at all.`;
  const number = formatCredits(days);
  const within = plural(days, { one: `within ${number} day`, other: `within ${number} days` });
  return t`${names.join(', ')}: ${within} of the payment.`;
}

export function Plans({ facts, details }: Facts) {
  return (
    <ul className={styles.facts} data-plans>
      {facts.plans.map((plan) => (
        <li key={plan.code}>
          <b>{plan.name}</b>
          <span>{t`${creditsInWords(plan.monthlyCredits)} a month`}</span>
          <span>{priceOf(plan) ?? t`priced by agreement`}</span>
          {plan.code === details.plan.code && <strong>{t`yours`}</strong>}
        </li>
      ))}
    </ul>
  );
}

/** The other unit, with the account's own number. */
export function Scans({ facts }: Facts) {
  const { scan } = useAccount();
  const paid = facts.priceList.operations.filter(({ creditType, credits }) => creditType === 'SCAN' && credits > 0);
  return (
    <>
      <p>{t`Brand scans that look deep are paid with a unit of their own; the two are never exchanged.`}</p>
      {scan !== null && <p data-scans>{t`You have ${creditsOfInWords(scan.available, 'SCAN')}.`}</p>}
      {paid.length > 0 && <Prices operations={paid} />}
    </>
  );
}
