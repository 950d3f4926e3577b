import type { WebSocket } from 'ws';
import type { Caller } from '../auth/caller.js';

/** Codes after which a client tries again, unlike 1011, 4401 and 4500, which it takes as final; 4400 is meant to be final. */
export const CLOSE = {
  tooLarge: 1009,
  restart: 1012,
  busy: 1013,
  badRequest: 4400,
  forbidden: 4403,
} as const;

/** An open socket, from the upgrade to its end. */
export interface OpenSocket {
  readonly socket: WebSocket;
  readonly address: string;
  /** null until it has signed in. */
  caller: Caller | null;
  /** Live subscriptions. */
  subscriptions: number;
  /** Queries and mutations that are being answered. */
  inFlight: number;
  /** How long the message is that is being read. */
  messageBytes: number;
  isAlive: boolean;
  expiry: NodeJS.Timeout | null;
}
