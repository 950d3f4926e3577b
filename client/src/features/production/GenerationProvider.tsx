import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ApolloClient } from '@apollo/client';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { FinishDocument, ReserveDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment, ReservationFieldsFragment, WorkOutcome } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { creditsInWords } from '../../ui/format.js';
import { outcomeTitle, workMsOf } from './generation.js';
import type { Generation } from './generation.js';

type Work = {
  generation: Generation;
  /** Holds the quoted credits and starts the work. */
  start: (operation: OperationFieldsFragment, quoteToken: string) => void;
  /** Ends the work now; anything but SUCCEEDED charges nothing. */
  end: (outcome: WorkOutcome) => void;
  /** Puts the last result away. */
  clear: () => void;
};

const idle: Work = {
  generation: { step: 'idle' },
  start: () => undefined,
  end: () => undefined,
  clear: () => undefined,
};
const WorkContext = createContext<Work>(idle);

export function useWork(): Work {
  return use(WorkContext);
}

/**
 * The work in progress. It lives above the rooms, so that walking to another page does not abandon it.
 *
 * Each step has one idempotency key for all its tries: an answer that got lost is asked for again, never paid again.
 */
export function GenerationProvider({
  client,
  accountId,
  children,
}: {
  client: ApolloClient;
  accountId: string;
  children: ReactNode;
}) {
  const [generation, setGeneration] = useState<Generation>({ step: 'idle' });
  const announcer = useAnnouncer();

  const finish = useCallback(
    async function finishUnder(
      operation: OperationFieldsFragment,
      reservation: ReservationFieldsFragment,
      outcome: WorkOutcome,
      idempotencyKey: string,
    ): Promise<void> {
      setGeneration({ step: 'finishing', operation, reservation, outcome });
      try {
        const { data } = await untilAnswered(() =>
          client.mutate({
            mutation: FinishDocument,
            variables: { input: { reservationId: reservation.id, idempotencyKey, outcome } },
          }),
        );
        const result = data?.commitReservation;
        if (result?.__typename !== 'ReservationReceipt') {
          setGeneration({ step: 'closed', operation, message: result?.message ?? 'The server gave no answer.' });
          return;
        }
        const available = result.balance.available;
        setGeneration({ step: 'finished', operation, reservation: result.reservation, outcome, available });
        announcer.now(
          outcome === 'SUCCEEDED'
            ? `${operation.name} is done. ${creditsInWords(result.reservation.committed)} spent, ${creditsInWords(available)} available.`
            : `${outcomeTitle(outcome)}. You were not charged. ${creditsInWords(available)} available.`,
        );
      } catch (error) {
        setGeneration({
          step: 'unanswered',
          operation,
          message: messageOf(error),
          again: () => void finishUnder(operation, reservation, outcome, idempotencyKey),
        });
      }
    },
    [client, announcer],
  );

  const reserve = useCallback(
    async function reserveUnder(
      operation: OperationFieldsFragment,
      quoteToken: string,
      idempotencyKey: string,
    ): Promise<void> {
      setGeneration({ step: 'reserving', operation });
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
          announcer.now(result.message);
          return;
        }
        const { reservation } = result;
        setGeneration({
          step: 'working',
          operation,
          reservation,
          startedAt: performance.now(),
          workMs: workMsOf(operation),
        });
        announcer.now(`Generating ${operation.name}. ${creditsInWords(reservation.held)} on hold.`);
      } catch (error) {
        setGeneration({
          step: 'unanswered',
          operation,
          message: messageOf(error),
          again: () => void reserveUnder(operation, quoteToken, idempotencyKey),
        });
      }
    },
    [client, accountId, announcer],
  );

  const current = useRef(generation);
  current.current = generation;
  const end = useCallback(
    (outcome: WorkOutcome) => {
      const working = current.current;
      if (working.step === 'working') void finish(working.operation, working.reservation, outcome, crypto.randomUUID());
    },
    [finish],
  );

  useEffect(() => {
    if (generation.step !== 'working') return;
    const timer = setTimeout(
      () => end('SUCCEEDED'),
      Math.max(0, generation.startedAt + generation.workMs - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [generation, end]);

  const work = useMemo<Work>(
    () => ({
      generation,
      start: (operation, quoteToken) => void reserve(operation, quoteToken, crypto.randomUUID()),
      end,
      clear: () => setGeneration({ step: 'idle' }),
    }),
    [generation, reserve, end],
  );
  return <WorkContext value={work}>{children}</WorkContext>;
}
