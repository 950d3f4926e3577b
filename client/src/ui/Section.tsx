import type { ReactNode } from 'react';
import { RotateCw } from 'lucide-react';
import { Button } from './Button.js';
import { useWaiting } from './waiting.js';
import styles from './Section.module.css';

/** A titled part of a page. */
export function Section(props: { id: string; title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section} aria-labelledby={props.id}>
      <header className={styles.header}>
        <h2 id={props.id}>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}

/**
 * A part that could not be read says so and offers another try; the rest of the page works on. While nothing can be read,
 * which the page says in one place, it only says that it will come.
 */
export function Failed(props: {
  what: string;
  reason?: string | undefined;
  onRetry: () => void;
  height?: number;
  /** Where it stands by itself and not within a card. */
  isCard?: boolean;
}) {
  const waits = useWaiting() !== null;
  return (
    <div
      className={styles.failed}
      data-card={props.isCard === true ? '' : undefined}
      style={{ minHeight: props.height ?? 0 }}
      role="group"
      aria-label={`${props.what} could not be loaded`}
    >
      <p>
        <strong>{`${props.what} could not be loaded.`}</strong>{' '}
        <span>{waits ? 'It is read as soon as the server answers.' : props.reason}</span>
      </p>
      {!waits && (
        <Button onClick={props.onRetry}>
          <RotateCw size={15} aria-hidden="true" /> Retry
        </Button>
      )}
    </div>
  );
}

/** Stands for what is still on its way, at the height it will have. */
export function Skeleton(props: { height: number | string; width?: number | string; label?: string }) {
  return (
    <span className={styles.skeleton} style={{ height: props.height, width: props.width ?? '100%' }}>
      {props.label !== undefined && <span className="visually-hidden">{props.label}</span>}
    </span>
  );
}

/** Nothing here yet: what it means, and what would fill it. */
export function Empty(props: { icon: ReactNode; title: string; children: ReactNode; height?: number }) {
  return (
    <div className={styles.empty} style={{ minHeight: props.height ?? 0 }}>
      <span className={styles.emptyIcon} aria-hidden="true">
        {props.icon}
      </span>
      <strong>{props.title}</strong>
      <p>{props.children}</p>
    </div>
  );
}
