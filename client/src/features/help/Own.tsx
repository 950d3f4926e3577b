import { plural, t } from '@lingui/core/macro';
import type { HelpFactsQuery } from '../../gql/help.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Instant } from '../../ui/Instant.js';
import { Way } from '../../ui/Way.js';
import type { Facts } from './facts.js';
import styles from './Help.module.css';

type Grant = NonNullable<HelpFactsQuery['account']>['grants']['edges'][number]['node'];

/** The account's own credits, in the order in which they are used. */
export function Order({ facts }: Facts) {
  const grants = facts.account?.grants.edges.map(({ node }) => node) ?? [];
  const isMore = facts.account?.grants.pageInfo.hasNextPage === true;
  return (
    <>
      <p>
        {t`The plan's own credits first, then what was given, then what was bought; within each, what ends soonest. So bought credits stay as long as they can.`}
      </p>
      {grants.length === 0 ? (
        <p>{t`You have none now.`}</p>
      ) : (
        <>
          <p>{t`Yours, in that order:`}</p>
          <ol className={styles.facts} data-order>
            {grants.map((grant) => (
              <li key={grant.id}>
                <span>{sourceWords(grant.source)}</span>
                <b>{formatCredits(grant.available)}</b>
                <span>{grant.held > 0 && t`and ${formatCredits(grant.held)} on hold`}</span>
                <Ends at={grant.expiresAt} />
              </li>
            ))}
          </ol>
          {isMore && <p>{t`and more after these.`}</p>}
        </>
      )}
    </>
  );
}

function Ends({ at }: { at: string | null }) {
  if (at === null) return <span>{t`never ends`}</span>;
  return (
    <span>
      {t`until`} <Instant at={Date.parse(at)} show="date" />
    </span>
  );
}

function sourceWords(source: Grant['source']): string {
  switch (source) {
    case 'ALLOWANCE':
      return t`from your plan`;
    case 'UPGRADE':
      return t`from the larger plan`;
    case 'ROLLOVER':
      return t`left from last time`;
    case 'PURCHASE':
      return t`bought`;
    case 'BONUS':
      return t`bonus`;
    case 'PROMOTION':
      return t`a present`;
    case 'ADJUSTMENT':
      return t`a correction`;
    default:
      return source;
  }
}

/** When the plan gives anew, with the account's own date and number. */
export function Renewal({ facts, details, balance }: Facts) {
  const { monthlyCredits, name } = details.plan;
  const allowance = facts.account?.grants.edges.map(({ node }) => node).find(({ source }) => source === 'ALLOWANCE');
  if (monthlyCredits === 0) return <p>{t`The plan ${name} gives no credits by itself. Another plan does.`}</p>;
  return (
    <>
      <p>
        <span>{t`Your plan ${name} gives ${creditsInWords(monthlyCredits)} anew on`}</span>{' '}
        <Instant at={Date.parse(balance.nextResetAt)} />
        <span>{t` by your clock; your account counts its days in ${details.timeZone}.`}</span>
      </p>
      {allowance?.expiresAt === null || allowance === undefined ? null : (
        <p data-rest>
          <span>{t`What is then left of this month's, now ${creditsInWords(allowance.available)}, ends`}</span>{' '}
          <Instant at={Date.parse(allowance.expiresAt)} />
          <span>{t`. What you bought or were given stays until its own end.`}</span>
        </p>
      )}
    </>
  );
}

export function Hold({ balance }: Facts) {
  const held = formatCredits(balance.held);
  const own = plural(balance.held, { one: `${held} credit is`, other: `${held} credits are` });
  return (
    <>
      <p>
        {t`When work begins, what it may cost at most is put on hold. Nobody else can use that meanwhile, and it is not spent yet. When the work is done its real cost is used and the rest comes back at once. If nobody says how it ended, all of it comes back by itself.`}
      </p>
      <p data-held>{balance.held === 0 ? t`Nothing of yours is on hold now.` : t`${own} on hold now.`}</p>
    </>
  );
}

export function Failed() {
  return (
    <p>
      {t`No. Work that fails, is blocked or is canceled costs nothing, and what was on hold for it comes back at once. Of work that is done in part, only what was done is charged.`}{' '}
      <Way to="/">{t`See what happened last`}</Way>
    </p>
  );
}

export function Budget() {
  return (
    <p>
      {t`An owner of the account limits what some work may cost in an hour, a day, a week or a period. What is on hold counts too. Work that does not fit does not start and is not charged, also when enough credits are left; it starts again when the budget starts anew, or when its limit is raised.`}{' '}
      <Way to="/budgets">{t`See the budgets`}</Way>
    </p>
  );
}

export function Warned() {
  return (
    <p>
      {t`When what is left falls to one of your levels, once; and when a budget is nearly or wholly used up, once in its window. You are not warned again before clearly more was there in between, or new credits came. Mails go only to an address whose owner agreed.`}{' '}
      <Way to="/alerts">{t`See the levels`}</Way>
    </p>
  );
}
