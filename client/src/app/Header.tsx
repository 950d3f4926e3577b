import { outageOf } from '../apollo/freshness.js';
import { LastSpent } from '../features/activity/LastSpent.js';
import { CreditChip } from '../features/balance/CreditChip.js';
import { FreshnessBadge } from '../features/live/FreshnessBadge.js';
import { PauseButton } from '../features/live/PauseButton.js';
import { useShownFreshness } from '../features/live/useFreshness.js';
import { basePath } from '../ui/basePath.js';
import { DemoAccounts } from './DemoAccounts.js';
import { RoomLink } from './RoomLink.js';
import { ThemeButton } from './ThemeButton.js';
import type { Viewer } from './room.js';
import { rooms } from './rooms.js';
import type { DemoRole } from './stamp.js';
import styles from './Header.module.css';

type Props = {
  path: string;
  viewer: Viewer;
  isPaused: boolean;
  onPause: (isPaused: boolean) => void;
  as: DemoRole | null;
  onChooseRole: (as: DemoRole) => void;
};

/** On every page: where you are, whose account it is, and what it has. */
export function Header({ path, viewer, isPaused, onPause, as, onChooseRole }: Props) {
  return (
    <header className={styles.header}>
      <div className={styles.inner}>
        <RoomLink to="/" className={styles.brand}>
          <img src={`${basePath}/icon.svg`} width={28} height={28} alt="" />
          <span>
            AIBC <span className={styles.word}>Credits</span>
          </span>
        </RoomLink>
        <nav className={styles.nav} aria-label="Rooms">
          {rooms
            .filter((room) => room.isFor(viewer))
            .map(({ path: to, title, icon: Icon, Word }) => (
              <RoomLink key={to} to={to} className={styles.link} isCurrent={to === path}>
                <Icon size={18} aria-hidden="true" />
                {Word === undefined ? <span>{title}</span> : <Word isCurrent={to === path}>{title}</Word>}
              </RoomLink>
            ))}
        </nav>
        <div className={styles.tools}>
          {as !== null && <DemoAccounts as={as} onChoose={onChooseRole} />}
          <ThemeButton />
          <PauseButton isPaused={isPaused} onChange={onPause} />
        </div>
        <CreditChip
          freshness={<FreshnessBadge isShort />}
          isStale={outageOf(useShownFreshness()) !== null}
          lastMovements={<LastSpent />}
        />
      </div>
    </header>
  );
}
