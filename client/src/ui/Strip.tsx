import styles from './Strip.module.css';

export type StripTone = 'ok' | 'low' | 'out';

export type StripParts = {
  /** What one has: solid. Whole numbers; with `held` and `gone` they sum to the whole, which may be 0. */
  left: number;
  /** On hold: hatched. */
  held: number;
  /** Used: empty. */
  gone: number;
  /** Tints only what is left; at nothing left, the edge. */
  tone: StripTone;
};

type Props = StripParts & {
  label: string;
  /** The same in words, for those who hear it. */
  text: string;
  /** Of what is left, how much the chosen work would take: outlined. */
  bite?: number;
  /** What is left by where it comes from, in the order it is used; divides the solid part. Sums to `left`. */
  parts?: readonly number[];
  /** Its height in px at the usual size of text. */
  size: 6 | 12 | 20;
};

/**
 * The one bar of credits: what one has (solid), what is on hold (hatched), what is gone (empty). It counts what is left.
 *
 * It runs from left to right in every language, as the line of the period below it does.
 */
export function Strip({ left, held, gone, tone, label, text, bite = 0, parts = [], size }: Props) {
  const whole = left + held + gone;
  const share = (part: number): string => (whole === 0 ? '0%' : `${(100 * part) / whole}%`);
  const taken = Math.min(bite, left);
  return (
    <div
      className={styles.strip}
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={whole}
      aria-valuenow={left}
      aria-valuetext={text}
      data-tone={tone}
      data-size={size}
    >
      <span className={styles.left} style={{ width: share(left - taken) }}>
        {parts.length > 1 &&
          partEnds(parts, left - taken).map((end) => (
            <i key={end} style={{ insetInlineStart: `${(100 * end) / (left - taken)}%` }} />
          ))}
      </span>
      {bite > 0 && <span className={styles.bite} style={{ width: share(taken) }} />}
      <span className={styles.held} style={{ width: share(held) }} />
    </div>
  );
}

/** Where one part ends and the next begins, within what is shown of them. */
function partEnds(parts: readonly number[], shown: number): number[] {
  let end = 0;
  return parts.map((part) => (end += part)).filter((at) => at > 0 && at < shown);
}
