import { print } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { Client } from 'graphql-ws';
import { nextTask } from '../ui/next-task.js';
import { retryPause } from './socket.js';

/**
 * Follows a subscription until stopped, over dropped links, restarts and refusals of the server.
 *
 * Within one connection's life graphql-ws retries by itself and sends `variables` anew each time: a caller that
 * resumes from a cursor moves it by writing to that object. What graphql-ws gives up on (a token that ran out, a
 * subscription the server ended) is tried again here, later each time.
 *
 * @param onRefused  the server did not accept the variables, or ended what it had told as no longer true (a cursor of a past that was
 *   lost, an account that is not there); called before they are sent again
 */
export function follow<TData, TVariables extends Record<string, unknown>>(
  socket: Client,
  document: TypedDocumentNode<TData, TVariables>,
  variables: TVariables,
  onData: (data: TData) => void,
  onRefused: () => void | Promise<void> = () => undefined,
): () => void {
  let isStopped = false;
  let retries = 0;
  let unsubscribe = (): void => undefined;

  const again = async (): Promise<void> => {
    if (isStopped) return;
    await retryPause(retries++);
    if (!isStopped) start();
  };
  const start = (): void => {
    const query = print(document);
    unsubscribe = socket.subscribe<TData>(
      { query, variables },
      {
        next: (message) => {
          if (message.data === null || message.data === undefined) return;
          retries = 0;
          onData(message.data);
        },
        error: (error) => {
          void Promise.resolve(isRefusal(error) ? onRefused() : undefined).then(again);
        },
        complete: () => void again(),
      },
    );
  };

  // Several subscriptions of one screen begin in one task: each is opened in a task of its own.
  void nextTask().then(() => {
    if (!isStopped) start();
  });
  return () => {
    isStopped = true;
    unsubscribe();
  };
}

const refusals = new Set<unknown>(['BAD_USER_INPUT', 'CURSOR_TOO_OLD', 'NOT_FOUND']);

/** Errors of GraphQL come as a list; a dropped link comes as an event. */
function isRefusal(error: unknown): boolean {
  const codes = Array.isArray(error) ? (error as GraphQLFormattedError[]).map((each) => each.extensions?.['code']) : [];
  return codes.some((code) => refusals.has(code));
}
