import { t } from '@lingui/core/macro';
import { useLocation } from 'wouter';
import { basePath } from '../ui/basePath.js';
import { formatCredits } from '../ui/format.js';
import { Failed } from '../ui/Part.js';
import { pathOf } from './room.js';
import { rooms } from './rooms.js';
import type { Stamp } from './stamp.js';

/**
 * The static shell of index.html, word for word, while the session opens: nothing moves, and the stamped number stays. It
 * knows the table of rooms, so that it names the one that was opened.
 */
export function Starting({ stamp, problem, onRetry }: { stamp: Stamp | null; problem?: string; onRetry?: () => void }) {
  const path = pathOf(useLocation()[0]);
  const title = rooms.find((room) => room.path === path)?.title;
  const number = stamp === null ? null : formatCredits(stamp.available);
  return (
    <div className="boot">
      <div className="boot-rail">
        <span className="boot-brand">
          <img src={`${basePath}/icon.svg`} width={28} height={28} alt="" />
          <span>AIBC Credits</span>
        </span>
      </div>
      <div className="boot-header">
        <span className="boot-chip">
          <span className="boot-number" data-balance>
            {number}
          </span>{' '}
          <small>{t`left`}</small>
        </span>
      </div>
      <main className="boot-main">
        {problem !== undefined && onRetry !== undefined ? (
          <Failed isCard what={t`Your account`} reason={problem} onRetry={onRetry} height={240} />
        ) : (
          <>
            <h1 className="boot-title" data-known={title === undefined ? undefined : ''}>
              {title ?? 'AIBC Credits'}
            </h1>
            <div className="boot-hero">
              <p className="boot-figure" data-balance>
                {number}
              </p>
              <p>{t`credits left`}</p>
            </div>
          </>
        )}
      </main>
    </div>
  );
}
