import { t } from '@lingui/core/macro';
import { useEffect, useEffectEvent, useId, useRef, useState } from 'react';
import type { RefObject, SubmitEvent } from 'react';
import { useAccount } from '../../domain/account.js';
import { creditsInWords } from '../../ui/format.js';
import { Button } from '../../ui/Button.js';
import { Field } from '../../ui/Field.js';
import { useWaiting } from '../../ui/waiting.js';
import { BudgetSubject } from './BudgetSubject.js';
import { HardOrSoft } from './HardOrSoft.js';
import { Preview } from './Preview.js';
import { creditsTyped, faultsOf, inputOf } from './draft.js';
import type { Draft, Faults } from './draft.js';
import { useSetBudget } from './useSetBudget.js';
import styles from './BudgetForm.module.css';

type Props = {
  /** What it begins as. */
  start: Draft;
  /** What stands in the form's place without the fields that cannot be changed; null while one is made. */
  about: string | null;
  again: () => Promise<unknown>;
  onSaved: (id: string) => void;
  onClose: () => void;
};

/** Writes a budget: what it is about, how much, what happens at its limit, and what it would have done. */
export function BudgetForm({ start, about, again, onSaved, onClose }: Props) {
  const { accountId } = useAccount();
  const waiting = useWaiting();
  const title = useId();
  const [draft, setDraft] = useState(start);
  const [faults, setFaults] = useState<Faults>({});
  const form = useRef<HTMLFormElement>(null);
  const { isSaving, save } = useSetBudget(again, onSaved);
  const change = (part: Partial<Draft>): void => setDraft((present) => ({ ...present, ...part }));
  useFirstFocus(form);
  useEscape(form, onClose);

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isSaving || waiting !== null) return;
    const missing = faultsOf(draft);
    const found = Object.keys(missing).length > 0 ? missing : await save(draft);
    if (found === null) return;
    setFaults(found);
    focusFault(form);
  };
  // The server is asked about a draft without a name too: what it would have done does not hang on it.
  const asked = draft.setAside ? null : inputOf({ ...draft, name: draft.name.trim() || '-' }, accountId);
  const isNew = draft.id === null;
  return (
    <form
      ref={form}
      className={styles.form}
      aria-labelledby={title}
      noValidate
      onSubmit={(event) => void submit(event)}
      data-budget-form
    >
      <h3 id={title}>{titleOf(draft)}</h3>
      {about !== null && <p className={styles.about}>{about}</p>}
      <Name draft={draft} problem={faults.name} onChange={change} />
      {isNew && <BudgetSubject draft={draft} faults={faults} onChange={change} />}
      <Limit draft={draft} problem={faults.limit} onChange={change} />
      {!draft.setAside && <HardOrSoft isHard={draft.hard} onChoose={(hard) => change({ hard })} />}
      {asked !== null && <Preview input={asked} />}
      {faults.other !== undefined && (
        <p className={styles.problem} role="alert">
          {faults.other}
        </p>
      )}
      {waiting !== null && <p className={styles.about}>{waiting}</p>}
      <div className={styles.actions}>
        <Button type="submit" tone="main" aria-disabled={isSaving || waiting !== null}>
          {isSaving ? t`Saving` : saveWords(draft)}
        </Button>
        <Button onClick={onClose}>{t`Cancel`}</Button>
      </div>
    </form>
  );
}

type FieldProps = { draft: Draft; problem: string | undefined; onChange: (part: Partial<Draft>) => void };

function Name({ draft, problem, onChange }: FieldProps) {
  return (
    <Field label={t`Name`} problem={problem} help={t`Whoever it stops reads this name.`}>
      {(control) => (
        <input
          {...control}
          value={draft.name}
          maxLength={200}
          autoComplete="off"
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

function Limit({ draft, problem, onChange }: FieldProps) {
  const { standard } = useAccount();
  return (
    <Field
      label={limitLabel(draft)}
      problem={problem}
      help={
        draft.setAside && standard !== null && draft.creditType === 'STANDARD'
          ? t`${creditsInWords(standard.available)} are left now. No more can be kept than is left.`
          : undefined
      }
    >
      {(control) => (
        <input
          {...control}
          className={styles.limit}
          inputMode="numeric"
          autoComplete="off"
          value={draft.limit}
          onChange={(event) => onChange({ limit: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

function titleOf({ id, setAside }: Draft): string {
  if (id === null) return setAside ? t`Set credits aside` : t`New budget`;
  return setAside ? t`Change what is set aside` : t`Change the budget`;
}

function limitLabel({ setAside, creditType }: Draft): string {
  if (setAside) return creditType === 'SCAN' ? t`Scan credits to keep` : t`Credits to keep`;
  return creditType === 'SCAN' ? t`Limit in scan credits` : t`Limit in credits`;
}

/** The button says what it does, with the amount as soon as there is one. */
function saveWords({ id, setAside, limit }: Draft): string {
  const credits = creditsTyped(limit);
  if (id !== null || credits === null) return t`Save`;
  return setAside ? t`Keep ${creditsInWords(credits)}` : t`Limit to ${creditsInWords(credits)}`;
}

/** Whoever opened the form goes on in its first field. */
function useFirstFocus(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('input')?.focus();
  }, [form]);
}

/** Escape closes it, as it closes whatever else opened. */
function useEscape(form: RefObject<HTMLFormElement | null>, onClose: () => void): void {
  const close = useEffectEvent(onClose);
  useEffect(() => {
    const element = form.current;
    const press = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') close();
    };
    element?.addEventListener('keydown', press);
    return () => element?.removeEventListener('keydown', press);
  }, [form]);
}

/** The first field at fault, once it is drawn. */
function focusFault(form: RefObject<HTMLFormElement | null>): void {
  requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
