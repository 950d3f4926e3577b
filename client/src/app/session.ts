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
import { AccountHomeDocument, BalanceFieldsFragmentDoc, RecentEntriesDocument } from '../gql/operations.js';
import { basePath } from '../ui/basePath.js';
import { nextTask } from '../ui/next-task.js';
import { readStored } from '../ui/stored.js';
import { balanceOf } from './stamp.js';
import type { DemoRole, Stamp } from './stamp.js';

/** An account that the viewer sees. */
export type Seen = { id: string; name: string };

/** One signed-in viewer and everything that belongs to them. The token is in here and nowhere else. */
export type Session = {
  /** The demo account, or null outside of demo mode. */
  as: DemoRole | null;
  accountId: string;
  /** Those that the viewer may go on with; the one that is open among them. Empty in demo mode. */
  accounts: readonly Seen[];
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

/** No token is to be had any more: one has to sign in again. */
export class NoToken extends Error {}

/** The server has no demo sessions to give: a token is needed. */
export class DemoUnavailable extends NoToken {}

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

export type Door = Pick<Session, 'client' | 'socket' | 'freshness' | 'back' | 'clock' | 'onOver' | 'close'>;

/** Where a session's tokens come from. */
export type Tokens = {
  current: () => string;
  /** Gets another one when the server refuses the present one, throws NoToken when there is none any more; null: there never is. */
  renew: (() => Promise<unknown>) | null;
};

/** Opens what a session asks and hears the server by. */
export function openDoor(tokens: Tokens): Door {
  const freshness = createFreshnessStore(Date.now(), readStored(pausedKey) === 'yes');
  let isOver = false;
  let onOver = (): void => undefined;
  const giveUp = (): void => {
    if (isOver) return;
    isOver = true;
    onOver();
  };
  const renewToken = async (): Promise<boolean> => {
    if (tokens.renew === null) {
      giveUp();
      return false;
    }
    try {
      await tokens.renew();
      return true;
    } catch (error) {
      if (error instanceof NoToken) giveUp();
      return false;
    }
  };
  const authorization = { current: () => `Bearer ${tokens.current()}`, renew: renewToken, giveUp };
  const client = createApolloClient(authorization);
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${basePath}/graphql`;
  const socket = openSocket({ ...authorization, url, freshness, network: window });
  const forgetting = setInterval(() => forgetUnused(client), forgetMs);
  const stopRetrying = retryFailedWhenBack(client, freshness, window);
  const close = (): void => {
    clearInterval(forgetting);
    stopRetrying();
    // A connection that is being made is given up: that is no error.
    Promise.resolve(socket.dispose()).catch(() => undefined);
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

async function enterDemo(as: DemoRole, { token: first, accountId }: Given, stamp: Stamp | null): Promise<Session> {
  let token = first;
  const door = openDoor({ current: () => token, renew: async () => (token = (await askDemoSession(as)).token) });
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
    accounts: [],
    stamped: ownStamp === null ? null : { balanceId: ownStamp.id, version: ownStamp.version },
  };
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
