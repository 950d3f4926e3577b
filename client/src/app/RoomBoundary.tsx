import { t } from '@lingui/core/macro';
import { Component } from 'react';
import type { ReactNode } from 'react';
import { basePath } from '../ui/basePath.js';
import { Failed } from '../ui/Part.js';
import { NotLoaded } from './room.js';

/** What breaks twice within this time is not tried a third time by itself. */
const againMs = 10_000;

type State = { problem: 'none' | 'notLoaded' | 'broken' };

type Props = { children: ReactNode; what?: string; height?: number | string };

/** What breaks, or does not arrive, takes nothing else of the page with it. */
export class RoomBoundary extends Component<Props, State> {
  override state: State = { problem: 'none' };

  private brokeAt = Number.NEGATIVE_INFINITY;

  static getDerivedStateFromError(error: unknown): State {
    return { problem: error instanceof NotLoaded ? 'notLoaded' : 'broken' };
  }

  /** What broke is made anew at once; what breaks again right after is told, with another try by hand. */
  override componentDidCatch(error: unknown): void {
    if (error instanceof NotLoaded) return;
    const isFirst = performance.now() - this.brokeAt > againMs;
    this.brokeAt = performance.now();
    if (isFirst) this.setState({ problem: 'none' });
  }

  override render(): ReactNode {
    const { children, what = t`This room`, height = 240 } = this.props;
    if (this.state.problem === 'none') return children;
    if (this.state.problem === 'notLoaded')
      return (
        <Failed
          isCard
          what={what}
          reason={t`Its code did not arrive. When the network is back, Retry loads the page again.`}
          onRetry={reloadWhenReachable}
          height={height}
        />
      );
    return (
      <Failed
        isCard
        what={what}
        reason={t`Something went wrong while showing it.`}
        onRetry={() => this.setState({ problem: 'none' })}
        height={height}
      />
    );
  }
}

/** Without a server to load it from, the page that is there is worth more than none. */
async function reloadWhenReachable(): Promise<void> {
  const answer = await fetch(`${basePath}/healthz`).catch(() => null);
  if (answer?.ok === true) location.reload();
}
