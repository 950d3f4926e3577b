import { Section, Skeleton } from '../../ui/Section.js';
import room from './ProductionRoom.module.css';
import styles from './RoomSkeleton.module.css';

/** The room while its code is on its way: every part in its place and at its size. */
export function RoomSkeleton() {
  return (
    <div className={room.room}>
      <StudioSkeleton label="Opening the room" />
      <div className={room.recent}>
        <Section id="recent-title" title="Latest generations">
          <Skeleton height={340} />
        </Section>
      </div>
    </div>
  );
}

/** Picker, card and uploads while the price list is on its way. */
export function StudioSkeleton({ label }: { label: string }) {
  return (
    <>
      <div className={room.pick}>
        <Section id="pick-title" title="What would you like to make?">
          <div className={styles.types}>
            <Skeleton height="100%" label={label} />
          </div>
          <div className={styles.sizes}>
            <Skeleton height="100%" />
          </div>
        </Section>
      </div>
      <div className={room.side}>
        <div className={room.card}>
          <Skeleton height={316} />
        </div>
        <Section id="uploads-title" title="Media Library">
          <Skeleton height={103} />
        </Section>
      </div>
    </>
  );
}
