import { t } from '@lingui/core/macro';
import { useEffect, useId, useRef, useState } from 'react';
import type { SubmitEvent } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { isUnanswered, messageOf } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { CreateKeyDocument } from '../../gql/developers.js';
import { Button } from '../../ui/Button.js';
import { Field } from '../../ui/Field.js';
import { useWaiting } from '../../ui/waiting.js';
import type { Made } from './SecretOnce.js';
import { grantable, scopeWords } from './scopes.js';
import styles from './Developers.module.css';

type Props = {
  scopes: readonly string[];
  onMade: (made: Made) => void;
  onClose: () => void;
  again: () => Promise<unknown>;
};

/** Makes a key for this account: what it is for, and what it may do. */
export function KeyForm({ scopes, onMade, onClose, again }: Props) {
  const title = useId();
  const waiting = useWaiting();
  const first = useRef<HTMLFormElement>(null);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(['credits:read', 'credits:reserve']);
  const { make, problem, isMaking } = useMake(onMade, again);
  useEffect(() => first.current?.querySelector('input')?.focus(), []);
  const isStill = isMaking || waiting !== null;
  const isWhole = name.trim() !== '' && chosen.length > 0;
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isStill && isWhole) void make(name.trim(), chosen);
  };
  return (
    <form ref={first} className={styles.form} aria-labelledby={title} noValidate onSubmit={submit} data-key-form>
      <h3 id={title}>{t`New key`}</h3>
      <Field label={t`What it is for`} help={t`You will find it by this name.`}>
        {(control) => (
          <input
            {...control}
            value={name}
            maxLength={200}
            autoComplete="off"
            onChange={({ currentTarget: { value } }) => setName(value)}
          />
        )}
      </Field>
      <fieldset className={styles.scopes}>
        <legend>{t`What it may do`}</legend>
        {grantable(scopes).map((scope) => (
          <label key={scope}>
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={({ currentTarget: { checked } }) =>
                setChosen(checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))
              }
            />
            <span>
              {scopeWords(scope)} <code>{scope}</code>
            </span>
          </label>
        ))}
      </fieldset>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.actions}>
        <Button type="submit" tone="main" aria-disabled={isStill || !isWhole}>
          {isMaking ? t`Making the key` : t`Make the key`}
        </Button>
        <Button onClick={onClose}>{t`Cancel`}</Button>
      </div>
    </form>
  );
}

function useMake(onMade: (made: Made) => void, again: () => Promise<unknown>) {
  const client = useApolloClient();
  const { accountId } = useAccount();
  const [isMaking, setIsMaking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (name: string, scopes: readonly string[]): Promise<void> => {
    setIsMaking(true);
    setProblem(null);
    try {
      const variables = { input: { accountId, name, scopes: [...scopes] } };
      const { data } = await client.mutate({ mutation: CreateKeyDocument, variables, fetchPolicy: 'no-cache' });
      if (data === undefined) throw new Error('no answer');
      onMade({ secret: data.createApiKey.secret, name: data.createApiKey.apiKey.name });
    } catch (error) {
      setProblem(messageOf(error));
      // Asked again it would be a second key: one that was made without an answer stands in the list, its secret is lost.
      if (isUnanswered(error)) {
        setProblem(t`No answer came. If the key is in the list now, remove it: its secret cannot be shown again.`);
        await again();
      }
    } finally {
      setIsMaking(false);
    }
  };
  return { make, problem, isMaking };
}
