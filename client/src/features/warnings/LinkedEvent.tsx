import { t } from '@lingui/core/macro';
import { useEffect, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import type { ApolloClient } from '@apollo/client';
import { messageOf } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { EventPageDocument } from '../../gql/warnings.js';
import { EventRow } from './EventRow.js';
import type { Happened } from './events.js';
import styles from './History.module.css';

/** An event that the address means and that is not among those shown: it is looked up by itself. */
export function LinkedEvent({ id }: { id: string }) {
  const client = useApolloClient();
  const { accountId } = useAccount();
  const [found, setFound] = useState<{ event: Happened } | { problem: string } | null>(null);
  useEffect(() => {
    let isOver = false;
    findEvent(client, accountId, id)
      .then((event) => (event === null ? { problem: t`There is no such event.` } : { event }))
      .catch((error: unknown) => ({ problem: messageOf(error) }))
      .then((next) => {
        if (!isOver) setFound(next);
      })
      .catch(() => undefined);
    return () => {
      isOver = true;
    };
  }, [client, accountId, id]);
  return (
    <div className={styles.linked} aria-busy={found === null} data-linked-event>
      {found === null ? (
        <p>{t`Looking for the event of this address`}</p>
      ) : 'problem' in found ? (
        <p>{found.problem}</p>
      ) : (
        <ul>
          <EventRow event={found.event} fate={null} isUnread={false} isMeant />
        </ul>
      )}
    </div>
  );
}

/** Lists are read from an event on: the one after it, and from that one back. */
async function findEvent(client: ApolloClient, accountId: string, id: string): Promise<Happened | null> {
  const read = async (after: string | null, newestFirst: boolean): Promise<Happened | undefined> => {
    const variables = { accountId, first: 1, after, newestFirst, types: null };
    const { data } = await client.query({ query: EventPageDocument, variables, fetchPolicy: 'no-cache' });
    return data?.account?.events.edges[0]?.node;
  };
  const next = await read(id, false);
  const event = await read(next?.id ?? null, true);
  return event?.id === id ? event : null;
}
