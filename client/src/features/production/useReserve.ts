import { useCallback } from 'react';
import type { Dispatch, SetStateAction } from 'react';
import type { ApolloClient } from '@apollo/client';
import { untilAnswered } from '../../apollo/retry.js';
import { ReserveDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment } from '../../gql/operations.js';
import { asking, unanswered } from './asking.js';
import { workMsOf } from './generation.js';
import type { Generation } from './generation.js';

/**
 * Holds the quoted credits, and begins the work or shows the refusal.
 *
 * All tries have one key: an answer that got lost is asked for again, never held again.
 */
export function useReserve(
  client: ApolloClient,
  accountId: string,
  setGeneration: Dispatch<SetStateAction<Generation>>,
) {
  return useCallback(
    async function reserveUnder(
      operation: OperationFieldsFragment,
      quoteToken: string,
      idempotencyKey: string,
    ): Promise<void> {
      try {
        const { data } = await untilAnswered(() =>
          client.mutate({
            mutation: ReserveDocument,
            variables: { input: { accountId, idempotencyKey, quoteToken, reference: operation.name } },
          }),
        );
        const result = data?.reserveCredits;
        if (result === undefined) throw new Error('no answer');
        if (result.__typename !== 'ReservationReceipt') {
          setGeneration({ step: 'refused', operation, refusal: result });
          return;
        }
        const startedAt = performance.now();
        const { reservation } = result;
        setGeneration({ step: 'working', operation, reservation, startedAt, workMs: workMsOf(operation) });
      } catch (error) {
        const again = (): void => {
          setGeneration(asking);
          void reserveUnder(operation, quoteToken, idempotencyKey);
        };
        setGeneration({ step: 'unanswered', operation, ...unanswered(error, again) });
      }
    },
    [client, accountId, setGeneration],
  );
}
