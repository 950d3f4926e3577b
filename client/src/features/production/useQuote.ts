import { useEffect, useEffectEvent } from 'react';
import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { messageOf } from '../../apollo/retry.js';
import { QuoteOneDocument } from '../../gql/operations.js';
import type { QuoteOneQuery } from '../../gql/operations.js';
import { useOnChange } from '../../ui/useOnChange.js';

/** A quote holds for ten minutes; a new one is asked for before that. */
const renewMs = 9 * 60_000;

export type QuoteAnswer = QuoteOneQuery['quote'];
export type Quote = Extract<QuoteAnswer, { __typename: 'Quote' }>;

/**
 * The server's price and verdict for one operation, asked anew whenever the balance moves.
 *
 * @param version  the balance's version
 */
export function useQuote(accountId: string, operation: string, version: number | null) {
  const { data, error, networkStatus, refetch } = useQuery(QuoteOneDocument, {
    variables: { input: { accountId, operations: [{ operation, quantity: 1 }] } },
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const again = (): void => void refetch().catch(() => undefined);
  useOnChange(version, 300, again);
  const renew = useEffectEvent(again);
  useEffect(() => {
    const timer = setInterval(() => renew(), renewMs);
    return () => clearInterval(timer);
  }, []);
  return {
    answer: data?.quote ?? null,
    problem: error === undefined ? null : messageOf(error),
    isRenewing: networkStatus === NetworkStatus.refetch,
    again,
  };
}
