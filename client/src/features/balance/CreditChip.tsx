import { t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useAccount } from '../../domain/account.js';
import { levelWord, stripOf } from '../../domain/balance.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';
import { creditsInWords, formatCredits } from '../../ui/format.js';
import { Figure } from '../../ui/Figure.js';
import { Strip } from '../../ui/Strip.js';
import { Skeleton } from '../../ui/Skeleton.js';
import styles from './CreditChip.module.css';

type Props = {
  /** How current the number is, or its level: a shape and a word. */
  state: ReactNode;
  isStale: boolean;
  /** What it opens, made only then. */
  details: ReactNode;
};

/** "38 credits available, 10 on hold, Low. Details": what the chip is called. */
function nameOf(balance: BalanceFieldsFragment): string {
  const available = creditsInWords(balance.available);
  const held = formatCredits(balance.held);
  const facts = balance.held > 0 ? t`${available} available, ${held} on hold` : t`${available} available`;
  const level = levelWord(balance);
  return level === null ? t`${facts}. Details` : t`${facts}, ${level}. Details`;
}

/** The balance on every page: number, bar, state. It opens the details. */
export function CreditChip({ state, isStale, details }: Props) {
  const { standard } = useAccount();
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button ref={button} type="button" className={styles.chip} popoverTarget="credit-details">
        <span className="visually-hidden">{standard === null ? t`Credits: not known yet` : nameOf(standard)}</span>
        <span className={styles.top}>
          <span data-stale={isStale ? '' : undefined} aria-hidden="true">
            {standard === null ? (
              <Skeleton height={18} width={30} />
            ) : (
              <Figure
                of={standard.id}
                value={standard.available}
                unit={t`left`}
                size="body"
                mark="chip-available"
                isNarrow
              />
            )}
          </span>
          {state}
        </span>
        <span className={styles.bar} data-stale={isStale ? '' : undefined} aria-hidden="true">
          {standard !== null && <Strip size={6} label={t`Credits left`} {...stripOf(standard)} />}
        </span>
      </button>
      {/* It listens for the keyboard leaving its content, not for a press. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        id="credit-details"
        popover="auto"
        role="dialog"
        aria-label={t`Credit details`}
        tabIndex={-1}
        className={styles.details}
        onToggle={(event) => {
          const isNowOpen = event.newState === 'open';
          setIsOpen(isNowOpen);
          if (isNowOpen) event.currentTarget.focus();
        }}
        onBlur={(event) => {
          // The keyboard has gone on to the page: what it leaves behind would cover it.
          const { currentTarget, relatedTarget } = event;
          if (!(relatedTarget instanceof Node) || relatedTarget === button.current) return;
          if (!currentTarget.contains(relatedTarget)) currentTarget.hidePopover();
        }}
      >
        {isOpen && details}
      </div>
    </>
  );
}
