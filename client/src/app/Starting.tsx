import { basePath } from '../ui/basePath.js';
import { formatCredits } from '../ui/format.js';
import { Failed } from '../ui/Section.js';
import type { Stamp } from './stamp.js';

/** The static shell of index.html, word for word, while the session opens: nothing moves, and the stamped number stays. */
export function Starting({ stamp, problem, onRetry }: { stamp: Stamp | null; problem?: string; onRetry?: () => void }) {
  const number = stamp === null ? null : formatCredits(stamp.available);
  return (
    <div className="boot">
      <div className="boot-header">
        <span className="boot-brand">
          <img src={`${basePath}/icon.svg`} width={28} height={28} alt="" /> AIBC Credits
        </span>
        <span className="boot-chip">
          <span className="boot-number" data-balance>
            {number}
          </span>{' '}
          credits
        </span>
      </div>
      <main className="boot-main">
        {problem !== undefined && onRetry !== undefined ? (
          <Failed isCard what="Your account" reason={problem} onRetry={onRetry} height={240} />
        ) : (
          <>
            <h1 className="boot-title">Dashboard</h1>
            <div className="boot-hero">
              <p className="boot-label">Available credits</p>
              <p className="boot-figure" data-balance>
                {number}
              </p>
            </div>
          </>
        )}
      </main>
    </div>
  );
}
