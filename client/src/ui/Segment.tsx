import { useId } from 'react';
import styles from './Segment.module.css';

type Props<T extends string | number> = {
  /** What is chosen, for those who hear the page. */
  label: string;
  /** The values in their order, each with its name; up to five short ones. */
  names: ReadonlyMap<T, string>;
  value: T;
  onChoose: (value: T) => void;
};

/**
 * One of a few values, all in sight, as one switch. Where they are many or long, `Choice` takes less room.
 */
export function Segment<T extends string | number>({ label, names, value, onChoose }: Props<T>) {
  const group = useId();
  return (
    <fieldset className={styles.segment}>
      <legend className="visually-hidden">{label}</legend>
      {[...names].map(([each, name]) => (
        <label key={each} className={styles.part}>
          <input type="radio" name={group} checked={each === value} onChange={() => onChoose(each)} />
          <span>{name}</span>
        </label>
      ))}
    </fieldset>
  );
}
