import { t } from '@lingui/core/macro';
import { createContext, use, useCallback, useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { X } from 'lucide-react';
import styles from './Sheet.module.css';

const SheetContext = createContext<() => void>(() => undefined);

/** Closes the sheet that one is in; the focus goes back to what opened it. */
export function useCloseSheet(): () => void {
  return use(SheetContext);
}

type Props = {
  title: string;
  /** Called when it has been closed, however; whoever shows it then leaves it out. */
  onClose: () => void;
  /** What always stays in sight below: the main button, which says the amount. */
  actions?: ReactNode;
  children: ReactNode;
};

/**
 * One decision, over the page as it is: from the side where lines end, on a phone from below. What is below it stays.
 *
 * The browser's own dialog: it holds the focus, closes by Escape and gives the focus back.
 */
export function Sheet({ title, onClose, actions, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
    heading.current?.focus();
  }, []);
  const close = useCallback(() => dialog.current?.close(), []);
  return (
    <SheetContext value={close}>
      <dialog ref={dialog} className={styles.sheet} aria-labelledby={id} onClose={onClose} data-sheet>
        <header className={styles.header}>
          <h2 ref={heading} id={id} tabIndex={-1}>
            {title}
          </h2>
          <button type="button" className={styles.close} onClick={close} aria-label={t`Close`}>
            <X size={18} aria-hidden="true" />
          </button>
        </header>
        <div className={styles.body}>{children}</div>
        {actions !== undefined && <footer className={styles.actions}>{actions}</footer>}
      </dialog>
    </SheetContext>
  );
}
