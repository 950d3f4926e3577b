import { CombinedGraphQLErrors, ServerError } from '@apollo/client';
import { SeenAccountDocument, WhoAmIDocument } from '../gql/operations.js';
import type { ProviderDoor } from './provider-door.js';
import { accountIn, keepAccountInAddress } from './role.js';
import { openDoor } from './session.js';
import type { Door, Seen, Session, Tokens } from './session.js';

/** The viewer does not see the account of the address, or sees none at all. */
export class NotSeen extends Error {
  /** @param asked  the account of the address, null when it names none */
  constructor(
    readonly asked: string | null,
    readonly accounts: readonly Seen[],
  ) {
    super();
  }
}

/** Opens an account with a token that somebody pasted; it is not renewed. */
export function openTokenSession(token: string): Promise<Session> {
  return openSeen({ current: () => token, renew: null });
}

/** Opens an account with the tokens of the provider. */
export function openProviderSession({ token, renew }: ProviderDoor): Promise<Session> {
  return openSeen({ current: token, renew });
}

/**
 * Opens the account that the address names, else the first that the viewer sees.
 *
 * @throws NotSeen
 */
async function openSeen(tokens: Tokens): Promise<Session> {
  const door = openDoor(tokens);
  try {
    const { data } = await door.client.query({ query: WhoAmIDocument });
    const accounts = data?.viewer.accounts.edges.map(({ node: { id, name } }) => ({ id, name })) ?? [];
    const asked = accountIn(location.search);
    const isCut = data?.viewer.accounts.pageInfo.hasNextPage === true;
    const found = accounts.find(({ id }) => asked === null || id === asked);
    const account = found ?? (asked !== null && isCut ? await askSeen(door, asked) : null);
    if (account === null) throw new NotSeen(asked, accounts);
    const all = found === undefined ? [account, ...accounts] : accounts;
    if (all.length > 1) keepAccountInAddress(account.id);
    return { ...door, as: null, accountId: account.id, accounts: all, stamped: null };
  } catch (error) {
    door.close();
    throw error;
  }
}

/** One of more accounts than were listed; null when the viewer does not see it. */
async function askSeen(door: Door, accountId: string): Promise<Seen | null> {
  try {
    const { data } = await door.client.query({ query: SeenAccountDocument, variables: { accountId } });
    return data?.account ?? null;
  } catch (error) {
    if (CombinedGraphQLErrors.is(error)) return null;
    throw error;
  }
}

/** Whether the server takes none of the tokens there are. */
export function isNotTaken(error: unknown): boolean {
  if (ServerError.is(error)) return error.statusCode === 401;
  return (
    CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED')
  );
}
