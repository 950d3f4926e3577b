import styles from './Chart.module.css';

/**
 * What a chart says at its cursor, above it: a sentence over the place that is read, or the note while none is.
 *
 * @param at  the sentence, and where its place is: px from the left of the drawing
 * @param width  of the drawing, px
 */
export function Reading(props: { at: { x: number; sentence: string } | null; width: number; note: string }) {
  const { at, width, note } = props;
  return (
    <figcaption className={styles.reading} data-reading={at === null ? undefined : ''}>
      {at === null ? (
        <span>{note}</span>
      ) : (
        <strong style={{ translate: `clamp(0px, ${Math.round(at.x)}px - 50%, ${Math.floor(width)}px - 100%)` }}>
          <bdi>{at.sentence}</bdi>
        </strong>
      )}
    </figcaption>
  );
}
