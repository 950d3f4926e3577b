import type { History } from '../db/history.js';
import type { EventStore } from './event-store.js';

export interface FeedOptions {
  readonly store: Pick<EventStore, 'readFeed' | 'readHead'>;
  readonly history: Pick<History, 'present' | 'look' | 'saw' | 'wentBack'>;
  /** The error for a reader that stands at a place which the present history does not have. */
  readonly tooOld: (forkedAfter: number) => Error;
  /** Told when reading fails; the reading goes on. */
  readonly onError: (error: unknown) => void;
  /** Newest events kept in memory, and so the longest queue of a slow reader. */
  readonly tailEvents?: number;
  /** How long a reader that has fallen out of the tail may take nothing. */
  readonly slowMs?: number;
}
