import { t } from '@lingui/core/macro';
import { useState } from 'react';
import type { SubmitEvent } from 'react';
import { useApolloClient } from '@apollo/client/react';
import { messageOf, untilAnswered } from '../../apollo/retry.js';
import { useAccount } from '../../domain/account.js';
import { SetMailPreferencesDocument } from '../../gql/warnings.js';
import type { MailPreferencesQuery, SetEmailPreferencesInput } from '../../gql/warnings.js';
import { useAnnouncer } from '../../ui/Announce.js';
import { Button } from '../../ui/Button.js';
import { Field } from '../../ui/Field.js';
import { isolated } from '../../ui/format.js';
import { State } from '../../ui/State.js';
import { useWaiting } from '../../ui/waiting.js';
import styles from './MailForm.module.css';

type Preferences = NonNullable<MailPreferencesQuery['account']>['emailPreferences'];
type Kind = 'lowBalance' | 'periodReset' | 'receipts' | 'expiring';

const kinds = (): readonly (readonly [Kind, string])[] => [
  ['lowBalance', t`Credits run low, and are enough again`],
  ['periodReset', t`Credits have renewed`],
  ['expiring', t`Credits will expire`],
  ['receipts', t`Receipts and problems with payments`],
];

/** An address, whether its owner has agreed, and which mails go there: each choice is saved as it is made. */
export function MailForm({ preferences }: { preferences: Preferences }) {
  const { address, confirmed } = preferences;
  const waiting = useWaiting();
  const [typed, setTyped] = useState(address ?? '');
  const { set, problem, saved, isSaving } = useSet();
  /** What was just chosen, until the server has said so. */
  const [chosen, setChosen] = useState<Partial<Record<Kind, boolean>>>({});
  const choose = async (kind: Kind, isWanted: boolean): Promise<void> => {
    setChosen((present) => ({ ...present, [kind]: isWanted }));
    await set({ [kind]: isWanted }, kind);
    setChosen(({ [kind]: _told, ...others }) => others);
  };
  const isStill = isSaving || waiting !== null;
  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!isStill) void set({ address: typed.trim() === '' ? null : typed.trim() }, 'address');
  };
  return (
    <div className={styles.mails} data-mails>
      <form onSubmit={submit} noValidate className={styles.address}>
        <Field label={t`Mails go to`} problem={problem?.of === 'address' ? problem.words : undefined}>
          {(control) => (
            <input
              {...control}
              type="email"
              autoComplete="email"
              value={typed}
              onChange={({ currentTarget: { value } }) => setTyped(value)}
            />
          )}
        </Field>
        <Button type="submit" aria-disabled={isStill}>
          {address !== null && typed.trim() === '' ? t`Send no mails` : t`Save the address`}
        </Button>
      </form>
      <Confirmed address={address} isConfirmed={confirmed} onAgain={() => void set({ address }, 'address')} />
      <fieldset className={styles.kinds}>
        <legend>{t`A mail when`}</legend>
        {kinds().map(([kind, words]) => (
          <label key={kind}>
            <input
              type="checkbox"
              checked={chosen[kind] ?? preferences[kind]}
              aria-disabled={waiting !== null}
              onChange={({ currentTarget: { checked } }) => {
                if (waiting === null) void choose(kind, checked);
              }}
            />
            <span>{words}</span>
            {saved === kind && <span className={styles.saved}>{t`Saved`}</span>}
          </label>
        ))}
      </fieldset>
      {problem !== null && problem.of !== 'address' && (
        <p role="alert" className={styles.problem}>
          {problem.words}
        </p>
      )}
    </div>
  );
}

type ConfirmedProps = { address: string | null; isConfirmed: boolean; onAgain: () => void };

function Confirmed({ address, isConfirmed, onAgain }: ConfirmedProps) {
  if (address === null) return <p className={styles.state}>{t`No mails are sent.`}</p>;
  if (isConfirmed)
    return (
      <p className={styles.state}>
        <State shape="dot">{t`Confirmed: mails go to ${isolated(address)}.`}</State>
      </p>
    );
  return (
    <div className={styles.state} data-unconfirmed>
      <State
        shape="ring"
        tone="low"
      >{t`Nothing is sent before the link in the mail to ${isolated(address)} was followed.`}</State>
      <Button tone="quiet" onClick={onAgain}>
        {t`Send the link again`}
      </Button>
    </div>
  );
}

function useSet() {
  const client = useApolloClient();
  const announcer = useAnnouncer();
  const { accountId } = useAccount();
  const [isSaving, setIsSaving] = useState(false);
  const [saved, setSaved] = useState<string | null>(null);
  const [problem, setProblem] = useState<{ of: string; words: string } | null>(null);
  const set = async (part: Omit<Partial<SetEmailPreferencesInput>, 'accountId'>, of: string): Promise<void> => {
    setIsSaving(true);
    setSaved(null);
    setProblem(null);
    const input = { accountId, ...part };
    try {
      await untilAnswered(() =>
        client.mutate({
          mutation: SetMailPreferencesDocument,
          variables: { input },
        }),
      );
      setSaved(of);
      announcer.now(t`Saved.`);
    } catch (error) {
      setProblem({ of, words: messageOf(error) });
    } finally {
      setIsSaving(false);
    }
  };
  return { set, problem, saved, isSaving };
}
