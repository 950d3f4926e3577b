import { t } from '@lingui/core/macro';
import { Section } from '../../ui/Section.js';
import { Skeleton } from '../../ui/Skeleton.js';
import room from './ProductionRoom.module.css';
import styles from './RoomSkeleton.module.css';

/** The room while its code is on its way: every part in its place and at its size. */
export function RoomSkeleton() {
  return (
    <div className={room.room}>
      <StudioSkeleton label={t`Opening the room`} />
      <div className={room.recent}>
        <Section id="recent-title" title={t`Latest generations`}>
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
        <Section id="pick-title" title={t`What would you like to make?`}>
          <Choices className={styles.types} label={label} />
          <Choices className={styles.sizes} />
        </Section>
      </div>
      <div className={room.side}>
        <div className={room.card}>
          <Skeleton height={316} />
        </div>
        <Section id="uploads-title" title={t`Media Library`}>
          <Skeleton height={103} />
        </Section>
      </div>
    </>
  );
}

/** A name and three choices. */
function Choices({ className, label }: { className: string | undefined; label?: string }) {
  return (
    <div className={className}>
      <span className={styles.name}>
        <Skeleton height={14} width={48} {...(label === undefined ? {} : { label })} />
      </span>
      <div className={styles.row}>
        {['first', 'second', 'third'].map((each) => (
          <Skeleton key={each} height="100%" />
        ))}
      </div>
    </div>
  );
}
