import { t } from '@lingui/core/macro';
import { toneOf, usedSentence } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { Meter } from '../../ui/Meter.js';

/** How much of a balance is used, on hold and left. */
export function UsedMeter({
  balance,
  label = t`Credits used`,
  thin = false,
}: {
  balance: BalanceFieldsFragment;
  label?: string;
  thin?: boolean;
}) {
  return (
    <Meter
      thin={thin}
      label={label}
      text={usedSentence(balance)}
      used={balance.used}
      held={balance.held}
      left={balance.available}
      tone={toneOf(balance)}
    />
  );
}
