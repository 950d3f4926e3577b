import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { Button } from './Button.js';
import { Choice } from './Choice.js';
import styles from './Filters.module.css';

type Props = {
  /** What is filtered, for those who hear the page. */
  label: string;
  /** Takes every filter back; left out while none is set. */
  onClear?: (() => void) | undefined;
  /** The sentence; its words that can be chosen are `PickWord` and `DayWord`. */
  children: ReactNode;
};

/**
 * Filters that read as a sentence: "Credits by *type*, *this period*, in *all projects*". What is chosen belongs into the
 * address (`useSearchOf`), so that a copied link shows the same.
 */
export function Filters({ label, onClear, children }: Props) {
  return (
    <div role="group" aria-label={label} className={styles.filters}>
      <p className={styles.sentence}>{children}</p>
      {onClear !== undefined && (
        <Button tone="quiet" onClick={onClear}>
          {t`Clear filters`}
        </Button>
      )}
    </div>
  );
}

/** A word of the sentence that is one of several. */
export function PickWord<T extends string | number | null>(props: {
  label: string;
  names: ReadonlyMap<T, string>;
  value: T;
  onChoose: (value: T) => void;
}) {
  return <Choice {...props} isWord />;
}

/** A word of the sentence that is a calendar day. */
export function DayWord(props: {
  label: string;
  value: string | null;
  least?: string | undefined;
  most?: string | undefined;
  onChoose: (value: string) => void;
}) {
  return (
    <input
      type="date"
      className={styles.day}
      aria-label={props.label}
      value={props.value ?? ''}
      min={props.least}
      max={props.most}
      onChange={(event) => {
        if (event.currentTarget.value !== '') props.onChoose(event.currentTarget.value);
      }}
    />
  );
}
