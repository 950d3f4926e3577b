import { t } from '@lingui/core/macro';
import { useState } from 'react';
import { useMutation } from '@apollo/client/react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { creditsOfInWords } from '../../domain/balance.js';
import { nameOf } from '../../domain/work.js';
import { ReleaseDocument } from '../../gql/operations.js';
import { useAnnouncer } from '../../ui/Announce.js';
import type { Hold } from './open-holds.js';

/** Ends a hold, so that its credits come back, under one key for all tries. */
export function useGiveBack(hold: Hold) {
  const [release] = useMutation(ReleaseDocument);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const [problem, setProblem] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const announcer = useAnnouncer();
  const giveBack = async (): Promise<void> => {
    setProblem(null);
    setIsAsking(true);
    try {
      const variables = { input: { reservationId: hold.id, idempotencyKey } };
      const { data } = await untilAnswered(() => release({ variables }));
      const result = data?.releaseReservation;
      if (result?.__typename === 'ReservationReceipt')
        announcer.now(t`${creditsOfInWords(result.reservation.released, hold.creditType)} came back.`);
      else if (result?.__typename === 'ReservationClosed') announcer.now(t`${nameOf(hold)} had ended before.`);
      else setProblem(result?.message ?? t`The server gave no answer.`);
    } catch (error) {
      setProblem(messageOf(error));
    } finally {
      setIsAsking(false);
    }
  };
  return { giveBack, problem, isAsking };
}
