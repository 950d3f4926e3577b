import type { ReactNode } from 'react';
import { AccountContext } from '../domain/account.js';
import { useOpenAccount } from '../features/balance/useOpenAccount.js';
import type { Session } from './session.js';

/** Gives the session's account to everything within; only what reads it is drawn again when it changes. */
export function AccountProvider({ session, children }: { session: Session; children: ReactNode }) {
  const { accountId, as, stamped } = session;
  const account = useOpenAccount({ accountId, isDemo: as !== null, stamped });
  return <AccountContext value={account}>{children}</AccountContext>;
}
