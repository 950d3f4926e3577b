import { t } from '@lingui/core/macro';
import type { ApolloClient } from '@apollo/client';
import type { Client } from 'graphql-ws';
import { createAccountClock } from '../apollo/account-clock.js';
import type { AccountClock } from '../apollo/account-clock.js';
import { createApolloClient, forgetUnused, readAnew } from '../apollo/client.js';
import { createFreshnessStore } from '../apollo/freshness.js';
import type { FreshnessStore } from '../apollo/freshness.js';
import { retryFailedWhenBack } from '../apollo/recover.js';
import { ToldError, sentenceOfStatus } from '../apollo/retry.js';
import { openSocket } from '../apollo/socket.js';
import { watchForBack } from '../apollo/went-back.js';
import type { BackWatch } from '../apollo/went-back.js';
import { entriesRead } from '../features/activity/movements.js';
import {
  AccountHomeDocument,
  BalanceFieldsFragmentDoc,
  RecentEntriesDocument,
  WhoAmIDocument,
} from '../gql/operations.js';
import { basePath } from '../ui/basePath.js';
import { nextTask } from '../ui/next-task.js';
import { readStored } from '../ui/stored.js';
import { balanceOf } from './stamp.js';
import type { DemoRole, Stamp } from './stamp.js';

/** One signed-in viewer and everything that belongs to them. The token is in here and nowhere else. */
export type Session = {
  /** The demo account, or null outside of demo mode. */
  as: DemoRole | null;
  accountId: string;
  client: ApolloClient;
  socket: Client;
  freshness: FreshnessStore;
  /** Knows the balances' numbers across losses and pauses. */
  back: BackWatch;
  clock: AccountClock;
  /** What was stamped into the page, when it is this account's: the balance's id, and the version of all of it. */
  stamped: { balanceId: string; version: number } | null;
  /** Hears that the server takes none of its tokens any more, at once when that is so already. */
  onOver: (listener: () => void) => void;
  close: () => void;
};

export const pausedKey = 'credits.paused';

/** Entries that left the lists are forgotten this often; a page may stay open for weeks. */
const forgetMs = 60_000;

/** A server that does not say whether it has a token is asked again later. */
const renewMs = 4_000;

/** The server has no demo sessions to give: a token is needed. */
export class DemoUnavailable extends Error {}

type Given = { token: string; accountId: string };

async function askDemoSession(as: DemoRole): Promise<Given> {
  const response = await fetch(`${basePath}/demo/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as }),
    signal: AbortSignal.timeout(renewMs),
  });
  if (response.status === 404) throw new DemoUnavailable();
  if (!response.ok) throw new ToldError(sentenceOfStatus(response.status));
  return (await response.json()) as Given;
}

type Door = Pick<Session, 'client' | 'socket' | 'freshness' | 'back' | 'clock' | 'onOver' | 'close'>;

/** @param renew  gives a new token when the server refuses the present one; absent when there is none to be had */
function openDoor(firstToken: string, renew: (() => Promise<string>) | null): Door {
  let token = firstToken;
  const freshness = createFreshnessStore(Date.now(), readStored(pausedKey) === 'yes');
  let isOver = false;
  let onOver = (): void => undefined;
  const giveUp = (): void => {
    if (isOver) return;
    isOver = true;
    onOver();
  };
  const renewToken = async (): Promise<boolean> => {
    if (renew === null) {
      giveUp();
      return false;
    }
    try {
      token = await renew();
      return true;
    } catch (error) {
      if (error instanceof DemoUnavailable) giveUp();
      return false;
    }
  };
  const authorization = { current: () => `Bearer ${token}`, renew: renewToken, giveUp };
  const client = createApolloClient(authorization);
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${basePath}/graphql`;
  const socket = openSocket({ ...authorization, url, freshness, network: window });
  const forgetting = setInterval(() => forgetUnused(client), forgetMs);
  const stopRetrying = retryFailedWhenBack(client, freshness, window);
  const close = (): void => {
    clearInterval(forgetting);
    stopRetrying();
    void socket.dispose();
    client.stop();
  };
  const hearOver = (listener: () => void): void => {
    onOver = listener;
    if (isOver) listener();
  };
  const back = watchForBack(freshness, () => readAnew(client));
  return { client, socket, freshness, back, clock: createAccountClock(), onOver: hearOver, close };
}

/** Opens the session that was stamped into the page, without asking anybody; null when there is none of that account. */
export async function openStampedSession(as: DemoRole, stamp: Stamp | null): Promise<Session | null> {
  if (stamp?.session?.as !== as) return null;
  return enterDemo(as, { token: stamp.session.token, accountId: stamp.accountId }, stamp);
}

/** Opens a demo account; the stamped session is used when it is that account's. */
export async function openDemoSession(as: DemoRole, stamp: Stamp | null): Promise<Session> {
  return (await openStampedSession(as, stamp)) ?? enterDemo(as, await askDemoSession(as), stamp);
}

async function enterDemo(as: DemoRole, { token, accountId }: Given, stamp: Stamp | null): Promise<Session> {
  const door = openDoor(token, async () => (await askDemoSession(as)).token);
  const ownStamp = stamp !== null && stamp.accountId === accountId ? stamp : null;
  try {
    if (ownStamp !== null) await writeStamp(door.client, ownStamp);
  } catch (error) {
    door.close();
    throw error;
  }
  return {
    ...door,
    as,
    accountId,
    stamped: ownStamp === null ? null : { balanceId: ownStamp.id, version: ownStamp.version },
  };
}

/** Opens the first account the token may see. */
export async function openTokenSession(token: string): Promise<Session> {
  const door = openDoor(token, null);
  try {
    const { data } = await door.client.query({ query: WhoAmIDocument });
    const accountId = data?.viewer.accounts.edges[0]?.node.id;
    if (accountId === undefined) throw new ToldError(t`This token sees no account.`);
    return { ...door, as: null, accountId, stamped: null };
  } catch (error) {
    door.close();
    throw error;
  }
}

/** In a task each: a slow phone takes long over the many movements. */
async function writeStamp(client: ApolloClient, stamp: Stamp): Promise<void> {
  await nextTask();
  client.cache.writeFragment({
    fragment: BalanceFieldsFragmentDoc,
    fragmentName: 'BalanceFields',
    id: client.cache.identify({ __typename: 'Balance', id: stamp.id }) ?? '',
    data: balanceOf(stamp),
  });
  const { account, accountId } = stamp;
  if (account === undefined) return;
  client.writeQuery({ query: AccountHomeDocument, variables: { accountId }, data: { account } });
  await nextTask();
  const variables = { accountId, first: entriesRead, after: null, creditType: null };
  client.writeQuery({ query: RecentEntriesDocument, variables, data: { account } });
}
