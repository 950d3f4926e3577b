import { useCallback, useEffect, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { notThere } from '../../apollo/reading.js';
import { messageOf } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { EventPageDocument } from '../../gql/warnings.js';
import type { Reading } from '../../ui/reading.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { typesOf, withNewest, withOlder } from './events.js';
import type { Known, Show } from './events.js';

const pageSize = 10;

type Page = { known: Known } | { problem: string };

type History = Reading<Known> & {
  /** Reads on into the past; resolves when it is there, or cannot be. */
  older: () => Promise<void>;
};

/**
 * An account's events, the newest first, live: what is new is put before what is shown, also where older ones were read on.
 *
 * @param show  another is another list: the component is drawn anew for it
 * @param first  how many at once, at most 100
 */
export function useHistory(show: Show, first = pageSize): History {
  const client = useApolloClient();
  const { accountId, standard, scan } = useAccount();
  const [known, setKnown] = useState<Known | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const read = useCallback(
    async (after: string | null): Promise<Page> => {
      const variables = { accountId, first, after, newestFirst: true, types: typesOf[show] };
      try {
        const { data } = await client.query({ query: EventPageDocument, variables, fetchPolicy: 'no-cache' });
        const events = data?.account?.events;
        if (events === undefined) return { problem: notThere() };
        return { known: { events: events.edges.map(({ node }) => node), hasOlder: events.pageInfo.hasNextPage } };
      } catch (error) {
        return { problem: messageOf(error) };
      }
    },
    [client, accountId, first, show],
  );
  const take = useCallback((page: Page, put: (present: Known | null, page: Known) => Known | null): void => {
    setProblem('problem' in page ? page.problem : null);
    if ('known' in page) setKnown((present) => put(present, page.known));
  }, []);
  const again = useCallback(async (): Promise<void> => take(await read(null), withNewest), [read, take]);
  useEffect(() => {
    read(null)
      .then((page) => take(page, withNewest))
      .catch(() => undefined);
  }, [read, take]);
  // Each event belongs to a version of the account.
  useOnChange(standard === null ? null : `${standard.version} ${scan?.version ?? 0}`, 1_000, () => void again());

  const older = async (): Promise<void> => {
    const last = known?.events.at(-1);
    if (last === undefined) return;
    // What was left meanwhile, since more happened than one page holds, has no older ones here.
    take(await read(last.id), (present, page) =>
      present?.events.at(-1)?.id === last.id ? withOlder(present, page) : present,
    );
  };
  return { value: known, problem, again, older };
}
