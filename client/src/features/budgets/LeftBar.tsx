import { t } from '@lingui/core/macro';
import { creditsOfInWords } from '../../domain/balance.js';
import type { BudgetFieldsFragment } from '../../gql/budgets.js';
import { formatCredits } from '../../ui/format.js';
import { Strip } from '../../ui/Strip.js';
import { standOf } from './words.js';

type Props = {
  /** Whose it is, for those who hear it. */
  label: string;
  use: Pick<BudgetFieldsFragment, 'limit' | 'consumed' | 'held' | 'remaining' | 'creditType'>;
  isThin?: boolean;
};

/** What a budget, or one member's part of it, has left, on hold and used. */
export function LeftBar({ label, use, isThin }: Props) {
  const { limit, remaining } = use;
  const held = Math.min(use.held, Math.max(0, limit - remaining));
  const stand = standOf(use);
  return (
    <Strip
      label={label}
      text={leftInWords(use)}
      left={remaining}
      held={held}
      gone={Math.max(0, limit - remaining - held)}
      tone={stand === 'empty' ? 'out' : stand}
      size={isThin === true ? 6 : 12}
    />
  );
}

/** "57 of 100 credits left, 38 used, 5 on hold". */
function leftInWords({ limit, consumed, held, remaining, creditType }: Props['use']): string {
  const [left, used] = [formatCredits(remaining), formatCredits(consumed)];
  const of = creditsOfInWords(limit, creditType);
  return held > 0
    ? t`${left} of ${of} left, ${used} used, ${formatCredits(held)} on hold`
    : t`${left} of ${of} left, ${used} used`;
}
