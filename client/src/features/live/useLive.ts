import { useEffect } from 'react';
import type { ApolloClient } from '@apollo/client';
import type { Client } from 'graphql-ws';
import type { AccountClock } from '../../apollo/account-clock.js';
import { readAnew } from '../../apollo/client.js';
import { nextTurn } from '../../apollo/coalesce.js';
import type { FreshnessStore } from '../../apollo/freshness.js';
import { follow } from '../../apollo/live.js';
import type { BackWatch } from '../../apollo/went-back.js';
import { BalanceChangedDocument, ClockMovedDocument } from '../../gql/operations.js';
import type { CreditType } from '../../gql/operations.js';
import { keepBalances } from './keep-balances.js';

const creditTypes: CreditType[] = ['STANDARD', 'SCAN'];

type Live = {
  client: ApolloClient;
  socket: Client;
  freshness: FreshnessStore;
  back: BackWatch;
  clock: AccountClock;
  accountId: string;
  isPaused: boolean;
};

/**
 * Keeps the account's balances in the cache current: one subscription a credit type, one write a frame; and its clock.
 *
 * Everything that shows a balance reads the cache, so nothing else has to know.
 */
export function useLive({ client, socket, freshness, back, clock, accountId, isPaused }: Live): void {
  useEffect(() => {
    if (isPaused) {
      freshness.send({ type: 'paused', at: Date.now() });
      return;
    }
    freshness.send({ type: 'resumed', at: Date.now() });
    const told = keepBalances({ client, freshness, back, schedule: nextTurn });
    const stops = creditTypes.map((creditType) => {
      let isRefused = false;
      return follow(
        socket,
        BalanceChangedDocument,
        { accountId, creditType },
        ({ balanceChanged: balance }) => {
          isRefused = false;
          told(balance);
        },
        () => {
          // An account that was there and is not any more: what is shown of it is not true.
          if (!isRefused) readAnew(client);
          isRefused = true;
        },
      );
    });
    const stopClock = follow(socket, ClockMovedDocument, { accountId }, ({ clockMoved: { now, wallClock, runs } }) =>
      clock.tell({ now: Date.parse(now), wallClock: Date.parse(wallClock), runs }),
    );
    return () => [...stops, stopClock].forEach((stop) => stop());
  }, [client, socket, freshness, back, clock, accountId, isPaused]);
}
