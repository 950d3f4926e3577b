import { t } from '@lingui/core/macro';
import { useActionState } from 'react';
import { messageOf } from '../apollo/retry.js';
import type { Session } from './session.js';
import styles from './SignIn.module.css';

type Props = {
  /** Why one is here again; null the first time. */
  reason: string | null;
  onToken: (token: string) => Promise<Session>;
  onOpen: (session: Session) => void;
};

/** Without demo accounts, the platform that signs people in gives a token; it is kept in this page's memory only. */
export function SignIn({ reason, onToken, onOpen }: Props) {
  const [problem, submit, isSending] = useActionState(async (_before: string | null, form: FormData) => {
    const given = form.get('token');
    const token = typeof given === 'string' ? given.trim() : '';
    if (token === '') return t`Enter the token your platform gave you.`;
    try {
      onOpen(await onToken(token));
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }, null);
  return (
    <main className={styles.page}>
      <form action={submit} className={styles.form}>
        <h1>AIBC Credits</h1>
        {reason !== null && (
          <p role="status" className={styles.problem}>
            {reason}
          </p>
        )}
        <p>{t`Sign in with the access token of your platform. It stays in this page and is gone when you close it.`}</p>
        <label>
          {t`Access token`}
          <input
            name="token"
            type="password"
            autoComplete="off"
            required
            aria-describedby={problem === null ? undefined : 'sign-in-problem'}
          />
        </label>
        {problem !== null && (
          <p id="sign-in-problem" role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
        <button type="submit" disabled={isSending}>
          {isSending ? t`Signing in` : t`Sign in`}
        </button>
      </form>
    </main>
  );
}
