import styles from './Choice.module.css';

type Props<T extends string | number> = {
  /** What is chosen, for those who hear the page. */
  label: string;
  /** The values in their order, each with its name. */
  names: ReadonlyMap<T, string>;
  value: T;
  onChoose: (value: T) => void;
};

/** One of a few values, in a quiet select that stands in a title's line. */
export function Choice<T extends string | number>({ label, names, value, onChoose }: Props<T>) {
  const values = [...names.keys()];
  return (
    <select
      className={styles.choice}
      aria-label={label}
      value={values.indexOf(value)}
      onChange={(event) => {
        const chosen = values[Number(event.currentTarget.value)];
        if (chosen !== undefined) onChoose(chosen);
      }}
    >
      {[...names.values()].map((name, index) => (
        <option key={name} value={index}>
          {name}
        </option>
      ))}
    </select>
  );
}
