import { t } from '@lingui/core/macro';
import { useCallback } from 'react';
import type { Dispatch, SetStateAction } from 'react';
import type { ApolloClient } from '@apollo/client';
import { untilAnswered } from '../../apollo/retry.js';
import { FinishDocument } from '../../gql/operations.js';
import { asking, unanswered } from './asking.js';
import { closedSentence } from './generation.js';
import type { Generation, Settling } from './generation.js';

/**
 * Tells the server how the work ended, and shows what came of it.
 *
 * All tries have the one key of `settling`: an answer that got lost is asked for again, never charged again.
 */
export function useFinish(client: ApolloClient, setGeneration: Dispatch<SetStateAction<Generation>>) {
  return useCallback(
    async function finishUnder(settling: Settling): Promise<void> {
      const { operation, reservation, outcome, idempotencyKey } = settling;
      try {
        const { data } = await untilAnswered(() =>
          client.mutate({
            mutation: FinishDocument,
            variables: { input: { reservationId: reservation.id, idempotencyKey, outcome } },
          }),
        );
        const result = data?.commitReservation;
        if (result?.__typename === 'ReservationReceipt') {
          const available = result.balance.available;
          setGeneration({ step: 'finished', operation, reservation: result.reservation, outcome, available });
        } else if (result?.__typename === 'ReservationClosed') {
          setGeneration({ step: 'closed', operation, message: closedSentence(result.reservation) });
        } else setGeneration({ step: 'closed', operation, message: result?.message ?? t`The server gave no answer.` });
      } catch (error) {
        const again = (): void => {
          setGeneration(asking);
          void finishUnder(settling);
        };
        setGeneration({ step: 'unsettled', ...settling, ...unanswered(error, again) });
      }
    },
    [client, setGeneration],
  );
}
