import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ApolloClient } from '@apollo/client';
import { isUnanswered, messageOf, untilAnswered } from '../../apollo/retry.js';
import { FinishDocument, ReserveDocument } from '../../gql/operations.js';
import type { OperationFieldsFragment, WorkOutcome } from '../../gql/operations.js';
import { closedSentence, workMsOf } from './generation.js';
import type { Generation, Settling, Unanswered } from './generation.js';
import { useRepeats } from './useRepeats.js';
import { useStayingAsked } from './useStayingAsked.js';
import { useWorkNews } from './useWorkNews.js';

type Work = {
  generation: Generation;
  /** Holds the quoted credits and starts the work. */
  start: (operation: OperationFieldsFragment, quoteToken: string) => void;
  /** Ends the work now; anything but SUCCEEDED charges nothing. Resolves when it is settled, or cannot be yet. */
  end: (outcome: WorkOutcome) => Promise<void>;
  /** Puts the last result away. */
  clear: () => void;
};

const idle: Work = {
  generation: { step: 'idle' },
  start: () => undefined,
  end: () => Promise.resolve(),
  clear: () => undefined,
};
const WorkContext = createContext<Work>(idle);

export function useWork(): Work {
  return use(WorkContext);
}

type Props = {
  client: ApolloClient;
  accountId: string;
  /** Whether the server is there, as the live link knows it. */
  isLive: boolean;
  /** Whether the viewer is where the work shows; elsewhere its result comes as a message. */
  isInRoom: boolean;
  /** A link to the room. */
  wayBack: ReactNode;
  children: ReactNode;
};

/**
 * The work in progress. It lives above the rooms, so that walking to another page does not abandon it.
 *
 * Each step has one idempotency key for all its tries: an answer that got lost is asked for again, never paid again.
 */
export function GenerationProvider({ client, accountId, isLive, isInRoom, wayBack, children }: Props) {
  const [generation, setGeneration] = useState<Generation>({ step: 'idle' });

  const finish = useCallback(
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
        } else setGeneration({ step: 'closed', operation, message: result?.message ?? 'The server gave no answer.' });
      } catch (error) {
        const again = (): void => {
          setGeneration(asking);
          void finishUnder(settling);
        };
        setGeneration({ step: 'unsettled', ...settling, ...unanswered(error, again) });
      }
    },
    [client],
  );

  const reserve = useCallback(
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
    [client, accountId],
  );

  const current = useRef(generation);
  current.current = generation;
  const end = useCallback(
    async (outcome: WorkOutcome) => {
      const working = current.current;
      if (working.step !== 'working') return;
      const { operation, reservation } = working;
      const settling = { operation, reservation, outcome, idempotencyKey: crypto.randomUUID() };
      setGeneration({ step: 'finishing', ...settling });
      await finish(settling);
    },
    [finish],
  );

  useEffect(() => {
    if (generation.step !== 'working') return;
    const timer = setTimeout(
      () => void end('SUCCEEDED'),
      Math.max(0, generation.startedAt + generation.workMs - performance.now()),
    );
    return () => clearTimeout(timer);
  }, [generation, end]);
  useRepeats(generation, isLive);
  useStayingAsked(generation);
  useWorkNews(generation, isInRoom, wayBack);

  const work = useMemo<Work>(
    () => ({
      generation,
      start: (operation, quoteToken) => {
        setGeneration({ step: 'reserving', operation });
        void reserve(operation, quoteToken, crypto.randomUUID());
      },
      end,
      clear: () => setGeneration({ step: 'idle' }),
    }),
    [generation, reserve, end],
  );
  return <WorkContext value={work}>{children}</WorkContext>;
}

function unanswered(error: unknown, again: () => void): Unanswered {
  return { message: messageOf(error), isWorthRepeating: isUnanswered(error), isAsking: false, again };
}

function asking(present: Generation): Generation {
  return present.step === 'unanswered' || present.step === 'unsettled' ? { ...present, isAsking: true } : present;
}
