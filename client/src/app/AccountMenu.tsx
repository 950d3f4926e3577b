import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useAccount } from '../domain/account.js';
import styles from './AccountMenu.module.css';

/** Another account brings another page, and another menu: whoever chose in the old one finds the focus on the new. */
let hasChosen = false;

/** Says that another account was chosen in the menu. */
export function keepFocusOnMenu(): void {
  hasChosen = true;
}

/**
 * Whose account it is, on every page. It opens all that is set for the whole page.
 *
 * @param panel  what it opens, made only then
 */
export function AccountMenu({ panel }: { panel: ReactNode }) {
  const { details } = useAccount();
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (hasChosen && document.activeElement === document.body) button.current?.focus();
    hasChosen = false;
  }, []);
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.button}
        popoverTarget="account-menu"
        aria-haspopup="dialog"
        data-account-menu
      >
        <span className="visually-hidden">{t`Account:`}</span>{' '}
        {details !== null && (
          <span className={styles.names}>
            <bdi>{details.name}</bdi> <span>{t`${details.plan.name} plan`}</span>
          </span>
        )}
        <i aria-hidden="true" />
      </button>
      <div
        id="account-menu"
        popover="auto"
        role="dialog"
        aria-label={t`Account`}
        tabIndex={-1}
        className={styles.menu}
        onToggle={(event) => {
          const isNowOpen = event.newState === 'open';
          setIsOpen(isNowOpen);
          if (isNowOpen) event.currentTarget.focus();
        }}
      >
        {isOpen && panel}
      </div>
    </>
  );
}
