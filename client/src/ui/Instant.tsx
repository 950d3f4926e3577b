import { formatDay, formatInstant, formatTime, formatUtc } from './time.js';

/** An instant in the viewer's zone; its title is the same in UTC. */
export function Instant({ at, show = 'instant' }: { at: number; show?: 'instant' | 'day' | 'time' }) {
  const text = show === 'day' ? formatDay(at) : show === 'time' ? formatTime(at) : formatInstant(at);
  return (
    <time dateTime={new Date(at).toISOString()} title={formatUtc(at)}>
      {text}
    </time>
  );
}
