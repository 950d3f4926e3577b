import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './Field.module.css';

/** What a control needs to be named and explained by its field. */
export type Described = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean };

type Props = {
  label: string;
  /** One line below the label: what it means, or what it does. */
  help?: string | undefined;
  /** Why what was entered cannot be. */
  problem?: string | undefined;
  children: (control: Described) => ReactNode;
};

/** A control with its name above, its help and its fault below, each read with it. */
export function Field({ label, help, problem, children }: Props) {
  const id = useId();
  const helpId = help === undefined ? null : `${id}-help`;
  const problemId = problem === undefined ? null : `${id}-problem`;
  const described = [helpId, problemId].filter((each) => each !== null).join(' ');
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': problem !== undefined,
      })}
      {helpId !== null && (
        <p id={helpId} className={styles.help}>
          {help}
        </p>
      )}
      {problemId !== null && (
        <p id={problemId} className={styles.problem} data-problem>
          {problem}
        </p>
      )}
    </div>
  );
}

/** One of a few values, all of them in sight; a line of help below each where it needs one. */
export function Options<T extends string>(props: {
  legend: string;
  value: T;
  options: readonly { value: T; label: string; help?: string }[];
  onChoose: (value: T) => void;
}) {
  const name = useId();
  return (
    <fieldset className={styles.options}>
      <legend>{props.legend}</legend>
      {props.options.map(({ value, label, help }) => (
        <label key={value}>
          <input type="radio" name={name} checked={props.value === value} onChange={() => props.onChoose(value)} />
          <span>
            <span>{label}</span>
            {help !== undefined && <span className={styles.help}>{help}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** One of many values, or the one that stands for none of them. */
export function Select<T extends string>(props: {
  control: Described;
  names: ReadonlyMap<T, string>;
  value: T;
  onChoose: (value: T) => void;
}) {
  const values = [...props.names.keys()];
  return (
    <select
      {...props.control}
      value={props.value}
      onChange={(event) => {
        const chosen = values.find((value) => value === event.currentTarget.value);
        if (chosen !== undefined) props.onChoose(chosen);
      }}
    >
      {[...props.names].map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
}
