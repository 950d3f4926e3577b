import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { useApolloClient, useQuery } from '@apollo/client/react';
import { createCoalescer, nextTurn } from '../../apollo/coalesce.js';
import { useFollowed } from '../../apollo/useFollowed.js';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { OpenHoldsDocument, ReservationChangedDocument, ReservationFieldsFragmentDoc } from '../../gql/operations.js';
import type { Reading } from '../../ui/reading.js';
import { openHolds, stillTold } from './open-holds.js';
import type { Hold, Listed } from './open-holds.js';

const listedMax = 100;
const askAgainMs = 2_000;

/** The account's open holds: as they are listed, and each change as it is told. */
export function useHolds(): Reading<readonly Hold[]> & { isWhole: boolean } {
  const { accountId, standard } = useAccount();
  const client = useApolloClient();
  const variables = { accountId, first: listedMax };
  // Not by the cache, where the balance is the newest: this one says when the list was read.
  const result = useQuery(OpenHoldsDocument, { variables, fetchPolicy: 'no-cache', nextFetchPolicy: 'no-cache' });
  const { data } = result;
  const listed = useMemo<Listed | null>(() => {
    if (data?.account == null) return null;
    const { balance, reservations } = data.account;
    return {
      holds: reservations.edges.map(({ node }) => node),
      version: balance.version,
      history: balance.history,
      isWhole: !reservations.pageInfo.hasNextPage,
    };
  }, [data]);
  const [told, setTold] = useState<ReadonlyMap<string, Hold>>(() => new Map());
  const [take] = useState(() =>
    createCoalescer<Hold>((news) => {
      // In the cache the newest wins, for every part of the page that shows the same work.
      client.cache.batch({
        update: (cache) => {
          for (const hold of news)
            cache.writeFragment({
              fragment: ReservationFieldsFragmentDoc,
              fragmentName: 'ReservationFields',
              id: cache.identify({ __typename: 'Reservation', id: hold.id }) ?? '',
              data: hold,
            });
        },
      });
      setTold((before) => new Map([...before, ...news.map((hold) => [hold.id, hold] as const)]));
    }, nextTurn),
  );
  const [document] = useState(
    () => client.cache.transformDocument(ReservationChangedDocument) as typeof ReservationChangedDocument,
  );
  useFollowed(document, { accountId }, ({ reservationChanged }) => take(reservationChanged));
  if (listed !== null && told.size > 0) {
    const still = stillTold(listed, told);
    if (still.size < told.size) setTold(still);
  }
  const reading = readingOf(result, ({ account }) => account && openHolds(listed, told.values()));
  useCatchUp(listed, standard?.version ?? null, () => void reading.again());
  return { ...reading, isWhole: listed?.isWhole ?? true };
}

/** Lists anew when the account has moved since, a moment later: what was told meanwhile is shown at once, and what could not be told is found. */
function useCatchUp(listed: Listed | null, version: number | null, again: () => void): void {
  const behindAt = listed !== null && version !== null && listed.version < version ? listed.version : null;
  const ask = useEffectEvent(again);
  useEffect(() => {
    if (behindAt === null) return;
    const look = (): void => {
      if (!document.hidden) ask();
    };
    const timer = setTimeout(look, askAgainMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [behindAt]);
}
