import { t } from '@lingui/core/macro';
import { useApolloClient } from '@apollo/client/react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { SetTopUpDocument } from '../../gql/billing.js';

/** What auto top-up does: at or below `threshold` it buys the pack, at most so often in a period. */
export type Rule = { packId: string; threshold: number; purchasesPerPeriodMax: number };

/**
 * Turns auto top-up on with a rule, or off.
 *
 * @returns null when it is so, else why it is not, in a sentence
 */
export function useSetTopUp(again: () => Promise<unknown>): (rule: Rule, enabled: boolean) => Promise<string | null> {
  const client = useApolloClient();
  const { accountId } = useAccount();
  return async (rule, enabled) => {
    const key = crypto.randomUUID();
    const input = { accountId, creditType: 'STANDARD' as const, enabled, ...rule };
    try {
      const { data } = await untilAnswered(() =>
        client.mutate({ mutation: SetTopUpDocument, variables: { input, key } }),
      );
      const result = data?.setAutoTopUp;
      if (result?.__typename !== 'AutoTopUpReceipt') return result?.message ?? t`The server did not answer.`;
      await again();
      return null;
    } catch (error) {
      return messageOf(error);
    }
  };
}
