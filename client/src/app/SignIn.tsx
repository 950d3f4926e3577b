import { t } from '@lingui/core/macro';
import { useActionState, useEffect, useState } from 'react';
import { messageOf } from '../apollo/retry.js';
import { Button } from '../ui/Button.js';
import { basePath } from '../ui/basePath.js';
import { messages } from '../words/en/SignIn.po';
import { learn } from '../words/words.js';
import { NotSeen, openTokenSession } from './account-session.js';
import type { Session } from './session.js';
import { keep, readKept } from './ways-in.js';
import type { Reason, Way } from './ways-in.js';
import styles from './SignIn.module.css';

learn(messages);

type Props = {
  way: Way;
  /** Why one is here; null when one simply has not signed in. */
  reason: Reason | null;
  onToken: (session: Session, token: string) => void;
  /** Leaves the page for the provider. */
  onSignIn: () => void;
  /** Ends the session at the provider. */
  onSignOut: () => void;
};

/** The way in: through the provider where there is one, else by a token, which is kept in this page's memory only. */
export default function SignIn({ way, reason, onToken, onSignIn, onSignOut }: Props) {
  // A reload of this page is no way in.
  useEffect(() => keep({ ...readKept(), isIn: false }), []);
  const told = reason === null ? null : reasons[reason]();
  return (
    <main className={styles.page}>
      <div className={styles.form}>
        <img src={`${basePath}/icon.svg`} width={40} height={40} alt="" />
        <h1>AIBC Credits</h1>
        {told !== null && (
          <p role="status" className={reason === 'signedOut' ? undefined : styles.problem}>
            {told}
          </p>
        )}
        {way.signIn === 'token' ? (
          <TokenForm onToken={onToken} action={t`Sign in`} />
        ) : (
          <>
            <ByProvider issuer={way.provider.issuer} isAgain={reason === 'ended'} onSignIn={onSignIn} />
            {reason === 'notTaken' && <Button tone="quiet" onClick={onSignOut}>{t`Sign out there`}</Button>}
            {way.takesToken && (
              <details className={styles.other}>
                <summary>{t`Use an access token`}</summary>
                <TokenForm onToken={onToken} action={t`Use this token`} />
              </details>
            )}
          </>
        )}
      </div>
    </main>
  );
}

const reasons: Record<Reason, () => string> = {
  ended: () => t`Your access has ended. Sign in again to go on.`,
  signedOut: () => t`You are signed out.`,
  refused: () => t`You were not signed in: the sign-in was refused or given up.`,
  unreachable: () => t`The service that signs people in did not answer. Try again in a moment.`,
  notTaken: () =>
    t`You have signed in, but credits are not open to this sign-in: its tokens are for somebody else. Whoever runs this server can change that.`,
};

function ByProvider({ issuer, isAgain, onSignIn }: { issuer: string; isAgain: boolean; onSignIn: () => void }) {
  const [isLeaving, setIsLeaving] = useState(false);
  const { host } = new URL(issuer);
  const leave = (): void => {
    setIsLeaving(true);
    onSignIn();
  };
  return (
    <>
      <p>{isAgain ? t`You come back to this page.` : t`You sign in at ${host} and come back to this page.`}</p>
      <Button tone="main" size="large" aria-disabled={isLeaving} onClick={leave}>
        {isAgain ? t`Sign in again` : t`Sign in`}
      </Button>
    </>
  );
}

function TokenForm({ onToken, action }: { onToken: Props['onToken']; action: string }) {
  const [problem, submit, isSending] = useActionState(async (_before: string | null, form: FormData) => {
    const given = form.get('token');
    const token = typeof given === 'string' ? given.trim() : '';
    if (token === '') return t`Enter the token your platform gave you.`;
    try {
      onToken(await openTokenSession(token), token);
      return null;
    } catch (error) {
      if (!(error instanceof NotSeen)) return messageOf(error);
      return error.asked === null
        ? t`This token sees no account.`
        : t`This token does not see the account of this link.`;
    }
  }, null);
  return (
    <form action={submit}>
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
      <Button type="submit" tone="main" size="large" disabled={isSending}>
        {isSending ? t`Signing in` : action}
      </Button>
    </form>
  );
}
