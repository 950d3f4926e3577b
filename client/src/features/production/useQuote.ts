import { useEffect, useEffectEvent } from 'react';
import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { QuoteOneDocument } from '../../gql/operations.js';
import type { QuoteOneQuery } from '../../gql/operations.js';
import type { Reading } from '../../ui/reading.js';
import { useOnChange } from '../../ui/useOnChange.js';

/** A quote holds for ten minutes; a new one is asked for before that. */
const renewMs = 9 * 60_000;

export type QuoteAnswer = QuoteOneQuery['quote'];
export type Quote = Extract<QuoteAnswer, { __typename: 'Quote' }>;

/** The server's price and verdict for one operation, asked anew whenever the balance moves. */
export function useQuote(operation: string) {
  const { accountId, standard } = useAccount();
  const result = useQuery(QuoteOneDocument, {
    variables: { input: { accountId, operations: [{ operation, quantity: 1 }] } },
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const answer: Reading<QuoteAnswer> = readingOf(result, (data) => data.quote);
  const again = (): void => void answer.again();
  useOnChange(standard?.version ?? null, 300, again);
  const renew = useEffectEvent(again);
  useEffect(() => {
    const timer = setInterval(() => renew(), renewMs);
    return () => clearInterval(timer);
  }, []);
  return { answer, isRenewing: result.networkStatus === NetworkStatus.refetch };
}
