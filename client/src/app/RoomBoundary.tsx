import { Component } from 'react';
import type { ReactNode } from 'react';
import { Failed } from '../ui/Section.js';
import { RoomNotLoaded } from './rooms.js';

type State = { problem: 'none' | 'not loaded' | 'broken' };

/** A room that breaks does not take the header with it. */
export class RoomBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { problem: 'none' };

  static getDerivedStateFromError(error: unknown): State {
    return { problem: error instanceof RoomNotLoaded ? 'not loaded' : 'broken' };
  }

  override render(): ReactNode {
    if (this.state.problem === 'none') return this.props.children;
    if (this.state.problem === 'not loaded')
      return (
        <Failed
          isCard
          what="This room"
          reason="Its code did not arrive. When the network is back, Retry loads the page again."
          onRetry={() => location.reload()}
          height={240}
        />
      );
    return (
      <Failed
        isCard
        what="This room"
        reason="Something went wrong while showing it."
        onRetry={() => this.setState({ problem: 'none' })}
        height={240}
      />
    );
  }
}
