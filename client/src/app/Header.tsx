import { Gauge, Sparkles } from 'lucide-react';
import { useLocation } from 'wouter';
import { outageOf } from '../apollo/freshness.js';
import type { ShownFreshness } from '../apollo/freshness.js';
import { LastSpent } from '../features/activity/LastSpent.js';
import { CreditChip } from '../features/balance/CreditChip.js';
import type { Home } from '../features/balance/useHome.js';
import { FreshnessBadge } from '../features/live/FreshnessBadge.js';
import { PauseButton } from '../features/live/PauseButton.js';
import { WorkWord } from '../features/production/WorkWord.js';
import { basePath } from '../ui/basePath.js';
import { DemoAccounts } from './DemoAccounts.js';
import { RoomLink } from './RoomLink.js';
import { ThemeButton } from './ThemeButton.js';
import type { DemoRole } from './stamp.js';
import styles from './Header.module.css';

type Props = {
  home: Home;
  freshness: ShownFreshness;
  isPaused: boolean;
  onPause: (isPaused: boolean) => void;
  as: DemoRole | null;
  onChooseRole: (as: DemoRole) => void;
};

/** On every page: where you are, whose account it is, and what it has. */
export function Header({ home, freshness, isPaused, onPause, as, onChooseRole }: Props) {
  const [path] = useLocation();
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
          <RoomLink to="/" className={styles.link} isCurrent={path === '/'}>
            <Gauge size={18} aria-hidden="true" /> Dashboard
          </RoomLink>
          <RoomLink to="/production" className={styles.link} isCurrent={path === '/production'}>
            <Sparkles size={18} aria-hidden="true" />{' '}
            <WorkWord isInRoom={path === '/production'}>Production Room</WorkWord>
          </RoomLink>
        </nav>
        <div className={styles.tools}>
          {as !== null && <DemoAccounts as={as} onChoose={onChooseRole} />}
          <ThemeButton />
          <PauseButton isPaused={isPaused} onChange={onPause} />
        </div>
        <CreditChip
          home={home}
          freshness={<FreshnessBadge freshness={freshness} isShort />}
          isStale={outageOf(freshness) !== null}
          lastMovements={<LastSpent accountId={home.accountId} now={home.now} used={home.standard?.used ?? null} />}
        />
      </div>
    </header>
  );
}
