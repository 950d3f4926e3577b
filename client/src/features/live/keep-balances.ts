import type { ApolloClient } from '@apollo/client';
import { createCoalescer } from '../../apollo/coalesce.js';
import type { FreshnessStore } from '../../apollo/freshness.js';
import type { BackWatch } from '../../apollo/went-back.js';
import { BalanceFieldsFragmentDoc } from '../../gql/operations.js';
import type { BalanceFieldsFragment } from '../../gql/operations.js';

/**
 * Writes the balances that the link tells into the cache, once a turn, and says then that what is shown is proven.
 *
 * A turn may come after the link ended: the balance is still the newest that is known, but proves nothing any more.
 *
 * @param schedule  runs its argument at the next turn
 * @returns takes each balance as it arrives
 */
export function keepBalances({
  client,
  freshness,
  back,
  schedule,
}: {
  client: Pick<ApolloClient, 'cache'>;
  freshness: FreshnessStore;
  back: BackWatch;
  schedule: (run: () => void) => void;
}): (balance: BalanceFieldsFragment) => void {
  let { epoch } = freshness.read();
  const write = createCoalescer<BalanceFieldsFragment>((balances) => {
    client.cache.batch({
      update: (cache) => {
        for (const balance of balances) {
          cache.writeFragment({
            fragment: BalanceFieldsFragmentDoc,
            fragmentName: 'BalanceFields',
            id: cache.identify({ __typename: 'Balance', id: balance.id }) ?? '',
            data: { ...balance, __typename: 'Balance' },
          });
        }
      },
    });
    freshness.send({ type: 'proven', at: Date.now(), epoch });
  }, schedule);
  return (balance) => {
    epoch = freshness.read().epoch;
    back.told(balance);
    write(balance);
  };
}
