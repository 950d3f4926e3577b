import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './Button.js';
import { Choice } from './Choice.js';
import styles from './Filters.module.css';

type Props = {
  /** What is filtered, for those who hear the page. */
  label: string;
  /** Takes every filter back; left out while none is set. */
  onClear?: (() => void) | undefined;
  /** The sentence; its words that can be chosen are `PickWord`, `TypeWord` and `DayWord`. */
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

/** Typing is over when nothing was typed for so long. */
const typedMs = 400;

/** A word of the sentence that is typed; empty says nothing. */
export function TypeWord(props: {
  label: string;
  value: string | null;
  longest: number;
  placeholder: string;
  onType: (value: string | null) => void;
}) {
  const { label, value, longest, placeholder, onType } = props;
  const [typed, setTyped] = useState(value ?? '');
  const [before, setBefore] = useState(value);
  if (before !== value) {
    // Another part of the page, or the way back, said something else.
    setBefore(value);
    setTyped(value ?? '');
  }
  useEffect(() => {
    const next = typed.trim() === '' ? null : typed.trim();
    if (next === value) return;
    const timer = setTimeout(() => onType(next), typedMs);
    return () => clearTimeout(timer);
  }, [typed, value, onType]);
  return (
    <input
      type="search"
      className={styles.typed}
      aria-label={label}
      value={typed}
      maxLength={longest}
      placeholder={placeholder}
      onChange={(event) => setTyped(event.currentTarget.value)}
    />
  );
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
