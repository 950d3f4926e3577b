import { Component } from 'react';
import type { ReactNode } from 'react';
import { Failed } from '../ui/Section.js';

/** A room that breaks does not take the header with it. */
export class RoomBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    return (
      <Failed
        what="This room"
        reason="Something went wrong while showing it."
        onRetry={() => this.setState({ isBroken: false })}
        height={240}
      />
    );
  }
}
