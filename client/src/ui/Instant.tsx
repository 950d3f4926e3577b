import { formatDay, formatDayOfYear, formatInstant, formatTime, formatUtc } from './time.js';

const formats = {
  instant: (at: number) => formatInstant(at),
  day: (at: number) => formatDay(at),
  date: (at: number) => formatDayOfYear(at),
  time: (at: number) => formatTime(at),
};

/** An instant in the viewer's zone; its title is the same in UTC. */
export function Instant({ at, show = 'instant' }: { at: number; show?: keyof typeof formats }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={formatUtc(at)}>
      {formats[show](at)}
    </time>
  );
}
