import { t } from '@lingui/core/macro';
import { Pause, Play } from 'lucide-react';
import styles from './PauseButton.module.css';

/** Stops and resumes live updates; the choice is kept. */
export function PauseButton(props: {
  isPaused: boolean;
  onChange: (isPaused: boolean) => void;
  /** Says in words what it does, where there is room for it. */
  isNamed?: boolean;
}) {
  const { isPaused, onChange } = props;
  const Shape = isPaused ? Play : Pause;
  const name = isPaused ? t`Resume live updates` : t`Pause live updates`;
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={name}
      title={name}
      onClick={() => onChange(!isPaused)}
      data-pause
    >
      <Shape size={17} fill="currentColor" aria-hidden="true" />
      {props.isNamed === true && <span aria-hidden="true">{name}</span>}
    </button>
  );
}
