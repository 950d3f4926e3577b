import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { ApolloClient } from '@apollo/client';
import type { OperationFieldsFragment, WorkOutcome } from '../../gql/operations.js';
import type { Generation } from './generation.js';
import { useFinish } from './useFinish.js';
import { useRepeats } from './useRepeats.js';
import { useReserve } from './useReserve.js';
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

  const finish = useFinish(client, setGeneration);
  const reserve = useReserve(client, accountId, setGeneration);

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
