import { t } from '@lingui/core/macro';
import { allowanceOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { formatCredits } from '../../ui/format.js';
import styles from './Buckets.module.css';

/** Where the available credits come from; the parts sum to available. A part nobody has is left out, the allowance never. */
export function Buckets({ balance }: { balance: BalanceFieldsFragment }) {
  const parts: { name: string; credits: number; of?: number; hint?: string }[] = [
    { name: t`Allowance left`, credits: balance.allowanceLeft, ...allowanceOf(balance) },
  ];
  if (balance.promotional > 0) parts.push({ name: t`Promotional`, credits: balance.promotional });
  parts.push({ name: t`Purchased`, credits: balance.purchased });
  if (balance.waiting > 0)
    parts.push({ name: t`Waiting`, credits: balance.waiting, hint: t`owned, not usable on this plan` });
  return (
    <dl className={styles.buckets} aria-label={t`Where your credits come from, in the order they are used`}>
      {parts.map((part) => (
        <div key={part.name}>
          <dt>{part.name}</dt>
          <dd>
            <b>{formatCredits(part.credits)}</b>
            {part.of !== undefined && <span>{t` of ${formatCredits(part.of)}`}</span>}
            {part.hint !== undefined && <small>{part.hint}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
