import { createContext } from 'react';
import type { Client } from 'graphql-ws';
import type { FreshnessStore } from './freshness.js';

/** The page's connection for live values, and how current what it told is. */
export type LiveLink = { socket: Client; freshness: FreshnessStore };

/** Given by the application once a session is open. */
export const LiveLinkContext = createContext<LiveLink | null>(null);
