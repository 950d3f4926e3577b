import { useRef, useState } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { t } from '@lingui/core/macro';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { RemoveBudgetDocument, SetBudgetDocument } from '../../gql/budgets.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { isolated } from '../../ui/format.js';
import { inputOf } from './draft.js';
import type { Draft, Faults } from './draft.js';
import { faultsOfRefusal } from './refused.js';

type Saving = {
  isSaving: boolean;
  /** Sets the budget; what is wrong with it, and null once it is set. */
  save: (draft: Draft) => Promise<Faults | null>;
};

/**
 * Sets a budget, once for each thing that was asked: all tries have one key, and an answer that got lost is asked for again.
 *
 * @param onSaved  told the id of the budget once the list has been asked for again
 */
export function useSetBudget(again: () => Promise<unknown>, onSaved: (id: string) => void): Saving {
  const client = useApolloClient();
  const { accountId } = useAccount();
  const announcer = useAnnouncer();
  const [isSaving, setIsSaving] = useState(false);
  const asked = useRef({ what: '', key: '' });

  const save = async (draft: Draft): Promise<Faults | null> => {
    const input = inputOf(draft, accountId);
    if (input === null) return {};
    const what = JSON.stringify(input);
    if (asked.current.what !== what) asked.current = { what, key: crypto.randomUUID() };
    const variables = { input, idempotencyKey: asked.current.key };
    setIsSaving(true);
    try {
      const { data } = await untilAnswered(() => client.mutate({ mutation: SetBudgetDocument, variables }));
      const result = data?.setBudget;
      if (result === undefined) throw new Error('no answer');
      if (result.__typename === 'InvalidAmount') return faultsOfRefusal(result, draft);
      if (result.__typename === 'IdempotencyConflict') return { other: result.message };
      await again();
      announcer.now(t`The budget ${isolated(result.budget.name)} is saved.`);
      onSaved(result.budget.id);
      return null;
    } catch (error) {
      return { other: messageOf(error) };
    } finally {
      setIsSaving(false);
    }
  };
  return { isSaving, save };
}

/** Ends a budget; repeating it is safe. What went wrong in a sentence, or null. */
export function useRemoveBudget(
  again: () => Promise<unknown>,
): (budget: { id: string; name: string }) => Promise<string | null> {
  const client = useApolloClient();
  const announcer = useAnnouncer();
  return async ({ id, name }) => {
    try {
      await untilAnswered(() => client.mutate({ mutation: RemoveBudgetDocument, variables: { id } }));
      await again();
      announcer.now(t`The budget ${isolated(name)} is removed.`);
      return null;
    } catch (error) {
      return messageOf(error);
    }
  };
}
