import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import { RotateCw } from 'lucide-react';
import { useAnnouncer } from './Announce.js';
import { Button } from './Button.js';
import { Skeleton } from './Skeleton.js';
import type { Reading } from './reading.js';
import { useWaiting } from './waiting.js';
import styles from './Part.module.css';
import section from './Section.module.css';

type Props<T> = {
  /** Names the part in sentences: "Recent activity", "The price list". */
  what: string;
  of: Reading<T>;
  /** Of the skeleton and of what stands there when it failed, so that nothing jumps. */
  height?: number | string;
  /** In place of a plain bar. */
  skeleton?: ReactNode;
  /** Where it stands by itself and not within a card. */
  isCard?: boolean;
  /** Of what stands there when it failed: its place in the layout around. */
  className?: string | undefined;
  /** False where the same reason is read right beside it. */
  saysWhy?: boolean;
  isEmpty?: (value: T) => boolean;
  /** What is shown of a value that `isEmpty`. */
  empty?: ReactNode;
  children: (value: T) => ReactNode;
};

/**
 * A part of a page that is read from the server: on its way, failed, empty, or there. The one place for all four.
 *
 * What was read stays on the screen when asking anew fails; how current it is, the page says in one place.
 */
export function Part<T>({ what, of, height = 0, skeleton, isCard, className, saysWhy = true, ...shown }: Props<T>) {
  const { value, problem, again } = of;
  const [tried, setTried] = useState<string | null>(null);
  if (value !== null) return shown.isEmpty?.(value) === true ? shown.empty : shown.children(value);
  const isTrying = tried !== null;
  const reason = problem ?? tried;
  if (reason === null)
    return (
      <div className={styles.loading} aria-busy="true" data-part="loading">
        {skeleton ?? <Skeleton height={height} label={t`${what}: on its way`} />}
      </div>
    );
  const onRetry = async (): Promise<void> => {
    setTried(reason);
    await again();
    setTried(null);
  };
  return (
    <Failed
      what={what}
      reason={saysWhy ? reason : undefined}
      onRetry={() => onRetry()}
      height={height}
      isTrying={isTrying}
      isCard={isCard}
      className={className}
    />
  );
}

/**
 * Says that a part could not be read and offers another try; the rest of the page works on. While nothing can be read,
 * which the page says in one place, it only says that it will come.
 */
export function Failed(props: {
  what: string;
  reason?: string | undefined;
  /** Asks again; what it returns resolves when that is known. */
  onRetry: () => unknown;
  height?: number | string;
  isCard?: boolean | undefined;
  className?: string | undefined;
  /** Whether it is being asked again now. */
  isTrying?: boolean;
}) {
  const waits = useWaiting() !== null;
  const { what, isTrying = false } = props;
  const announcer = useAnnouncer();
  const press = async ({ currentTarget: button }: MouseEvent<HTMLButtonElement>): Promise<void> => {
    const around = button.closest<HTMLElement>('section, main');
    await props.onRetry();
    // Drawn by then: what was asked for either took the button's place, or the button still stands.
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (button.isConnected) announcer.now(t`${what} could not be loaded.`);
    else keepFocusIn(around);
  };
  return (
    <div
      className={[props.isCard === true && section.section, styles.failed, props.className].filter(Boolean).join(' ')}
      data-part="failed"
      style={{ minHeight: props.height ?? 0 }}
      role="group"
      aria-label={t`${what} could not be loaded`}
      aria-busy={isTrying}
    >
      <p>
        <strong>{t`${what} could not be loaded.`}</strong>{' '}
        <span>{waits ? t`It is read as soon as the server answers.` : props.reason}</span>
      </p>
      {!waits && (
        <Button onClick={(event) => void press(event)} aria-disabled={isTrying}>
          <RotateCw size={15} aria-hidden="true" className={isTrying ? styles.turning : undefined} />{' '}
          <span>{isTrying ? t`Asking again` : t`Retry`}</span>
        </Button>
      )}
    </div>
  );
}

/** Whoever pressed a button that is gone finds the focus in the part that took its place, not at the page's top. */
function keepFocusIn(part: HTMLElement | null): void {
  if (part === null || document.activeElement !== document.body) return;
  if (!part.hasAttribute('tabindex')) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

/** Nothing here yet: what it means, and what would fill it. */
export function Empty(props: { icon: ReactNode; title: string; children: ReactNode; height?: number }) {
  return (
    <div className={styles.empty} style={{ minHeight: props.height ?? 0 }} data-part="empty">
      <span className={styles.emptyIcon} aria-hidden="true">
        {props.icon}
      </span>
      <strong>{props.title}</strong>
      <p>{props.children}</p>
    </div>
  );
}
