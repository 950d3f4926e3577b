import { useEffect, useEffectEvent } from 'react';
import type { ApolloClient } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import { useApolloClient } from '@apollo/client/react';
import type { Client } from 'graphql-ws';
import { follow } from '../../apollo/live.js';
import { retryPause } from '../../apollo/socket.js';
import { AccountEventsDocument, EventCursorDocument } from '../../gql/operations.js';
import type { AccountEventsSubscription } from '../../gql/operations.js';

export type AccountEvent = AccountEventsSubscription['creditEvents'];

/**
 * Hands on every event of the account from now, once each, over dropped links and restarts.
 *
 * The place of now is asked for first, and the subscription begins just after it: a link that breaks before the first event loses
 * none. The cursor moves with each event, so a reconnection resumes just after the last one seen.
 */
export function useEvents(
  socket: Client,
  accountId: string,
  isPaused: boolean,
  onEvent: (event: AccountEvent) => void,
): void {
  const client = useApolloClient();
  const hand = useEffectEvent(onEvent);
  useEffect(() => {
    if (isPaused) return;
    return followEvents(client, socket, accountId, (event) => hand(event));
  }, [client, socket, accountId, isPaused]);
}

/** As `useEvents`, outside of a page; returns how to stop it. */
export function followEvents(
  client: Pick<ApolloClient, 'query'>,
  socket: Client,
  accountId: string,
  onEvent: (event: AccountEvent) => void,
): () => void {
  const seen = new Set<string>();
  let isStopped = false;
  let stop = (): void => {
    isStopped = true;
  };
  const begin = async (): Promise<void> => {
    const after = await askPlace(client, accountId, () => isStopped);
    if (after === null) return;
    const variables = { accountId, after };
    stop = follow(
      socket,
      AccountEventsDocument,
      variables,
      ({ creditEvents: event }) => {
        variables.after = event.id;
        if (seen.has(event.id)) return;
        seen.add(event.id);
        onEvent(event);
      },
      async () => {
        // The cursor is of a past that was lost, or older than what is kept: the balance says how things are, messages begin anew.
        variables.after = (await askPlace(client, accountId, () => isStopped)) ?? variables.after;
      },
    );
  };
  void begin();
  return () => {
    isStopped = true;
    stop();
  };
}

/** What the server refuses is asked for again after this; whoever only cannot be reached, as often as the live link. */
const refusedMs = 10_000;

/** Asks for the place of now until it is told; null when it is not wanted any more. */
async function askPlace(
  client: Pick<ApolloClient, 'query'>,
  accountId: string,
  isOver: () => boolean,
): Promise<string | null> {
  for (let retries = 0; !isOver(); retries++) {
    try {
      const { data } = await client.query({
        query: EventCursorDocument,
        variables: { accountId },
        fetchPolicy: 'no-cache',
      });
      if (data !== undefined && !isOver()) return data.eventCursor;
    } catch (error) {
      if (CombinedGraphQLErrors.is(error)) await new Promise((resolve) => setTimeout(resolve, refusedMs));
    }
    await retryPause(retries);
  }
  return null;
}
