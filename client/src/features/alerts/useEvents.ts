import { useEffect, useEffectEvent } from 'react';
import type { Client } from 'graphql-ws';
import { follow } from '../../apollo/live.js';
import { AccountEventsDocument } from '../../gql/operations.js';
import type { AccountEventsSubscription } from '../../gql/operations.js';

export type AccountEvent = AccountEventsSubscription['creditEvents'];

/**
 * Hands on every event of the account from now, once each, over dropped links and restarts.
 *
 * The cursor moves with each event, so a reconnection resumes just after the last one seen.
 */
export function useEvents(
  socket: Client,
  accountId: string,
  isPaused: boolean,
  onEvent: (event: AccountEvent) => void,
): void {
  const hand = useEffectEvent(onEvent);
  useEffect(() => {
    if (isPaused) return;
    const variables: { accountId: string; after: string | null } = { accountId, after: null };
    const seen = new Set<string>();
    return follow(
      socket,
      AccountEventsDocument,
      variables,
      ({ creditEvents: event }) => {
        variables.after = event.id;
        if (seen.has(event.id)) return;
        seen.add(event.id);
        hand(event);
      },
      // The cursor is older than what the server keeps: the balance says how things are, messages begin anew.
      () => (variables.after = null),
    );
  }, [socket, accountId, isPaused]);
}
