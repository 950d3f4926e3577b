import { useId } from 'react';
import styles from './Chart.module.css';

/** How many series of a chart are told apart; what is beyond is summed by whoever makes them. */
export const hueCount = 6;

/** What marks each series beside its hue: nothing, slanting one way, the other, lying lines, dots, standing lines. */
const marks = [
  null,
  <path key="mark" d="M-1 7 L7 -1 M-1 1 L1 -1 M5 7 L7 5" />,
  <path key="mark" d="M-1 -1 L7 7 M-1 5 L1 7 M5 -1 L7 1" />,
  <path key="mark" d="M0 1.5 H6 M0 4.5 H6" />,
  <path key="mark" d="M1.5 1.5 h0.01 M4.5 4.5 h0.01" strokeLinecap="round" />,
  <path key="mark" d="M1.5 0 V6 M4.5 0 V6" />,
] as const;

/** Names the fills of one drawing, which are its own. */
export function useFills(): { id: string; fillOf: (series: number) => string } {
  const id = useId().replace(/\W/g, '');
  return { id, fillOf: (series) => `url(#${id}-${series % hueCount})` };
}

/** The fills of a drawing: each series has a hue and a hatching of its own, so that they differ without colour. */
export function Hatches({ id }: { id: string }) {
  return (
    <defs>
      {marks.map((mark, series) => (
        <pattern
          key={`${series + 1}`}
          id={`${id}-${series}`}
          width={6}
          height={6}
          patternUnits="userSpaceOnUse"
          className={styles.hatch}
          data-hue={series}
        >
          <rect width={6} height={6} />
          {mark}
        </pattern>
      ))}
    </defs>
  );
}

/** The mark of a series beside its name. */
export function Swatch({ series }: { series: number }) {
  const { id, fillOf } = useFills();
  return (
    <svg width={12} height={12} className={styles.swatch} aria-hidden="true">
      <Hatches id={id} />
      <rect width={12} height={12} rx={3} fill={fillOf(series)} />
    </svg>
  );
}
