import styles from './Meter.module.css';

/**
 * How much of a whole is gone (solid), set aside (hatched) and left (empty track).
 *
 * @param used  and `held`, `left`: whole numbers; their sum is the whole, which may be 0
 * @param text  the same in words, for those who hear it
 */
export function Meter(props: {
  label: string;
  text: string;
  used: number;
  held: number;
  left: number;
  tone: 'ok' | 'low' | 'empty';
  thin?: boolean;
}) {
  const whole = props.used + props.held + props.left;
  const share = (part: number): string => (whole === 0 ? '0%' : `${(100 * part) / whole}%`);
  return (
    <div
      className={styles.meter}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={whole}
      aria-valuenow={props.used}
      aria-valuetext={props.text}
      data-tone={props.tone}
      data-thin={props.thin === true ? '' : undefined}
    >
      <span className={styles.used} style={{ width: share(props.used) }} />
      <span className={styles.held} style={{ width: share(props.held) }} />
    </div>
  );
}
