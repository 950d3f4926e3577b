import styles from './Choice.module.css';

type Props<T extends string | number | null> = {
  /** What is chosen, for those who hear the page. */
  label: string;
  /** The values in their order, each with its name. */
  names: ReadonlyMap<T, string>;
  value: T;
  onChoose: (value: T) => void;
  /** A word of a sentence, as wide as what is chosen. */
  isWord?: boolean;
};

/** One of a few values, in a quiet select that stands in a title's line or a sentence. */
export function Choice<T extends string | number | null>({ label, names, value, onChoose, isWord }: Props<T>) {
  const values = [...names.keys()];
  return (
    <select
      className={isWord === true ? styles.word : styles.choice}
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
