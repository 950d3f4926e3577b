import { t } from '@lingui/core/macro';
import { Pause, Play } from 'lucide-react';

type Props = { isPaused: boolean; onChange: (isPaused: boolean) => void };

/** Stops and resumes live updates; the choice is kept. */
export function PauseButton({ isPaused, onChange }: Props) {
  const Shape = isPaused ? Play : Pause;
  return (
    <button type="button" onClick={() => onChange(!isPaused)} data-pause>
      <Shape size={17} aria-hidden="true" /> <span>{isPaused ? t`Resume live updates` : t`Pause live updates`}</span>
    </button>
  );
}
