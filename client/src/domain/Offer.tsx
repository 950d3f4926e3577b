import { t } from '@lingui/core/macro';
import type { OperationFieldsFragment, PlanFieldsFragment } from '../gql/operations.js';
import { Button } from '../ui/Button.js';
import { formatCredits } from '../ui/format.js';
import { formatDay } from '../ui/time.js';
import { creditsOfInWords } from './balance.js';
import { useBuy } from './buying.js';
import { creditsOf, priceOf } from './offers.js';
import type { Pack } from './offers.js';
import styles from './Offer.module.css';

type Offered =
  /** Opens the sheet in which it is bought. */
  | { kind: 'pack'; item: Pack }
  | { kind: 'plan'; item: PlanFieldsFragment }
  /** Puts the renewal into the viewer's own calendar. */
  | { kind: 'wait'; item: { at: number; title: string } }
  /** Something of the same kind that can be paid for now. */
  | { kind: 'cheaper'; item: OperationFieldsFragment; onChoose: (operation: OperationFieldsFragment) => void };

type Props = Offered & {
  /** Why this one: "Enough for this". */
  reason?: string | undefined;
  isMain?: boolean;
};

/** A way on, as a button that says what one gets and what it costs. */
export function Offer(props: Props) {
  const buy = useBuy();
  const { kind, reason, isMain = false } = props;
  const act = (): void => {
    switch (props.kind) {
      case 'pack':
        return buy({ kind: 'pack', creditType: props.item.creditType, packId: props.item.id });
      case 'plan':
        return buy({ kind: 'plan', code: props.item.code });
      case 'wait':
        return void remindOf(props.item.title, props.item.at);
      case 'cheaper':
        return props.onChoose(props.item);
    }
  };
  return (
    <Button className={styles.offer} tone={isMain ? 'main' : 'plain'} onClick={act} data-offer={kind}>
      <span>{wordsOf(props)}</span>
      {reason !== undefined && <small>{reason}</small>}
    </Button>
  );
}

/** Fetched when it is asked for; without a network there is nothing to hand over. */
const remindOf = (title: string, at: number): Promise<void> =>
  import('./remind.js').then(({ remind }) => remind(title, at)).catch(() => undefined);

function wordsOf(offered: Offered): string {
  switch (offered.kind) {
    case 'pack': {
      const { item } = offered;
      const credits =
        item.creditType === 'SCAN' ? creditsOfInWords(creditsOf(item), 'SCAN') : formatCredits(creditsOf(item));
      return t`Buy ${credits} for ${priceOf(item)}`;
    }
    case 'plan': {
      const { name, monthlyCredits } = offered.item;
      if (monthlyCredits === 0) return t`Change to ${name}`;
      const price = priceOf(offered.item);
      const credits = formatCredits(monthlyCredits);
      return price === null ? t`${name}: ${credits} a month` : t`${name}: ${credits} a month, ${price}`;
    }
    case 'wait':
      return t`Remind me on ${formatDay(offered.item.at)}`;
    case 'cheaper':
      return t`${offered.item.name} for ${formatCredits(offered.item.credits)}`;
  }
}
