import { Component } from 'react';
import type { ReactNode } from 'react';
import { basePath } from '../ui/basePath.js';
import { Failed } from '../ui/Section.js';
import { RoomNotLoaded } from './rooms.js';

type State = { problem: 'none' | 'not loaded' | 'broken' };

type Props = { children: ReactNode; what?: string; height?: number };

/** What breaks, or does not arrive, takes nothing else of the page with it. */
export class RoomBoundary extends Component<Props, State> {
  override state: State = { problem: 'none' };

  static getDerivedStateFromError(error: unknown): State {
    return { problem: error instanceof RoomNotLoaded ? 'not loaded' : 'broken' };
  }

  override render(): ReactNode {
    const { children, what = 'This room', height = 240 } = this.props;
    if (this.state.problem === 'none') return children;
    if (this.state.problem === 'not loaded')
      return (
        <Failed
          isCard
          what={what}
          reason="Its code did not arrive. When the network is back, Retry loads the page again."
          onRetry={() => void reloadWhenReachable()}
          height={height}
        />
      );
    return (
      <Failed
        isCard
        what={what}
        reason="Something went wrong while showing it."
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
