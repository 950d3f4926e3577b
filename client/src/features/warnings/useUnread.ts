import { useApolloClient, useQuery } from '@apollo/client/react';
import { useAccount } from '../../domain/account.js';
import { MarkReadDocument, UnreadDocument } from '../../gql/warnings.js';
import { useOnChange } from '../../ui/useOnChange.js';

/** So many or more: the server counts no further. */
export const unreadMax = 1_000;

type Unread = {
  /** How many events the viewer has not marked as read; null until it is known. */
  count: number | null;
  /** Marks all up to this event as read. What cannot be marked stays unread, and is asked for again with the next. */
  markUpTo: (id: string) => Promise<void>;
};

/** How many of the account's events the viewer has not read, live. */
export function useUnread(): Unread {
  const client = useApolloClient();
  const { accountId, standard, scan } = useAccount();
  const { data, refetch } = useQuery(UnreadDocument, { variables: { accountId } });
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(standard === null ? null : `${standard.version} ${scan?.version ?? 0}`, 1_000, again);
  const markUpTo = async (upTo: string): Promise<void> => {
    await client.mutate({ mutation: MarkReadDocument, variables: { accountId, upTo } }).catch(() => undefined);
  };
  return { count: data?.account?.unreadEvents ?? null, markUpTo };
}
