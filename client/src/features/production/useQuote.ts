import { useEffect, useEffectEvent, useState } from 'react';
import { NetworkStatus } from '@apollo/client';
import { useQuery } from '@apollo/client/react';
import { useFollowed } from '../../apollo/useFollowed.js';
import { readingOf } from '../../apollo/reading.js';
import { useAccount } from '../../domain/account.js';
import { QuoteChangedDocument, QuoteOneDocument } from '../../gql/operations.js';
import type { QuoteOneQuery } from '../../gql/operations.js';
import type { Reading } from '../../ui/reading.js';
import { useOnChange } from '../../ui/useOnChange.js';
import { newerAnswer } from './quote-answer.js';

/** A quote holds for ten minutes; while none is told, a new one is asked for before that. */
const renewMs = 9 * 60_000;

export type QuoteAnswer = QuoteOneQuery['quote'];
export type Quote = Extract<QuoteAnswer, { __typename: 'Quote' }>;

/**
 * The server's price and verdict for one operation, told again whenever it changes and before its token ends. While the link is down or paused
 * it is asked for instead, anew whenever the balance moves.
 */
export function useQuote(operation: string) {
  const { accountId, standard } = useAccount();
  const variables = { input: { accountId, operations: [{ operation, quantity: 1 }] } };
  const result = useQuery(QuoteOneDocument, {
    variables,
    fetchPolicy: 'network-only',
    notifyOnNetworkStatusChange: true,
  });
  const [told, setTold] = useState<{ operation: string; answer: QuoteAnswer } | null>(null);
  const isTold = useFollowed(QuoteChangedDocument, variables, ({ quoteChanged: answer }) =>
    setTold({ operation, answer }),
  );
  const asked: Reading<QuoteAnswer> = readingOf(result, (data) => data.quote);
  const lastTold = told?.operation === operation ? told.answer : null;
  const value = lastTold === null ? asked.value : isTold ? lastTold : newerAnswer(lastTold, asked.value);
  const again = (): void => void asked.again();
  useOnChange(isTold ? null : (standard?.version ?? null), 300, again);
  const renew = useEffectEvent(again);
  useEffect(() => {
    if (isTold) return;
    const timer = setInterval(() => renew(), renewMs);
    return () => clearInterval(timer);
  }, [isTold]);
  const answer: Reading<QuoteAnswer> = { ...asked, value, problem: isTold ? null : asked.problem };
  return { answer, isRenewing: !isTold && result.networkStatus === NetworkStatus.refetch };
}

/** What the shown price was when the operation was chosen; null while it is still so. */
export function useFormerTotal(operation: string, total: number): number | null {
  const [first, setFirst] = useState({ operation, total });
  if (first.operation !== operation) setFirst({ operation, total });
  return first.operation === operation && first.total !== total ? first.total : null;
}
