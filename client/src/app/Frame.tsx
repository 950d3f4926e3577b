import { t } from '@lingui/core/macro';
import type { ReactNode } from 'react';
import { useShape } from '../ui/useShape.js';
import { Bar, Together } from './Bar.js';
import { Header } from './Header.js';
import { Rail } from './Rail.js';
import type { Viewer } from './room.js';
import styles from './Shell.module.css';

type Props = {
  path: string;
  viewer: Viewer;
  /** What is set for the whole page. */
  panel: ReactNode;
  /** Below the header. */
  line: ReactNode;
  isStale: boolean;
  /** Whether the room has the width of a large screen. */
  isWide: boolean;
  children: ReactNode;
};

/** What stands around every room: the rooms there are, the header, and the place of the room itself. */
export function Frame({ path, viewer, panel, line, isStale, isWide, children }: Props) {
  const shape = useShape();
  const isPhone = shape === 'phone';
  return (
    <>
      <a className={styles.skip} href="#room">
        {t`Skip to content`}
      </a>
      {isPhone ? (
        <Bar path={path} viewer={viewer} panel={panel} />
      ) : (
        <Rail path={path} viewer={viewer} isNarrow={shape === 'tablet'} />
      )}
      <div className={styles.page}>
        <Header panel={panel} />
        {line}
        <main
          id="room"
          className={styles.room}
          data-stale={isStale ? '' : undefined}
          data-wide={isWide ? '' : undefined}
        >
          {isPhone && <Together path={path} viewer={viewer} />}
          {children}
        </main>
      </div>
    </>
  );
}
