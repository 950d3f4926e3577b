import type { DataSource, EntityManager } from 'typeorm';
import { writeAudit } from '../audit/write-audit.js';
import { maskEmailAddress } from './email-address.js';
import { CONFIRM_MS_MAX, type MailLinks } from './mail-links.js';
import type { MailKind } from './mail-kind.js';
import { confirmAddress, readPreferences, removeChoice } from './preference-rows.js';

/** Who follows a link has not signed in; whoever reads the mailbox may. */
const RECIPIENT = 'recipient';

export interface FollowLinksDeps {
  readonly dataSource: DataSource;
  readonly links: MailLinks;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Does what the confirmation link asks for: mails go to this address from now on. Followed again, it changes nothing.
 *
 * @returns the address; null for a link that is none, is older than seven days, or went to an address that is not the account's any more
 */
export async function followConfirmation(deps: FollowLinksDeps, token: string): Promise<string | null> {
  const link = deps.links.read(token);
  if (link?.claim.asks !== 'confirm') return null;
  const { accountId, issuedAt } = link.claim;
  const now = deps.clock();
  return deps.dataSource.transaction(async (manager) => {
    const { address = null } = (await readPreferences(manager, [accountId])).get(accountId) ?? {};
    if (address === null || !link.isFor(address) || now > issuedAt + CONFIRM_MS_MAX) return null;
    if (await confirmAddress(manager, accountId, address, now)) {
      const facts = { address: maskEmailAddress(address) };
      await audit(manager, accountId, now, { action: 'email.confirmed', facts });
    }
    return address;
  });
}

/**
 * What an unsubscribe link is about.
 *
 * @returns null for a link that is none, or went to an address that is not the account's any more
 */
export async function readStop(deps: FollowLinksDeps, token: string): Promise<MailKind | null> {
  return (await findStop(deps, deps.dataSource.manager, token))?.kind ?? null;
}

/** Does what it asks for: no mails of this kind are sent any more. Followed again, it changes nothing. */
export async function followStop(deps: FollowLinksDeps, token: string): Promise<MailKind | null> {
  return deps.dataSource.transaction(async (manager) => {
    const found = await findStop(deps, manager, token);
    if (found === null) return null;
    const { accountId, kind } = found;
    if (await removeChoice(manager, accountId, kind)) {
      const facts = { kind, because: 'unsubscribed' as const };
      await audit(manager, accountId, deps.clock(), { action: 'email.stopped', facts });
    }
    return kind;
  });
}

async function findStop({ links }: FollowLinksDeps, manager: EntityManager, token: string) {
  const link = links.read(token);
  if (link?.claim.asks !== 'stop') return null;
  const { accountId } = link.claim;
  const { address = null } = (await readPreferences(manager, [accountId])).get(accountId) ?? {};
  return address !== null && link.isFor(address) ? link.claim : null;
}

async function audit(
  manager: EntityManager,
  accountId: string,
  at: number,
  deed: Parameters<typeof writeAudit>[2],
): Promise<void> {
  const [account]: { sandbox: boolean }[] = await manager.query(
    '/* mail.side */ SELECT sandbox FROM account WHERE account_id = $1',
    [accountId],
  );
  if (account === undefined) return;
  await writeAudit(manager, { accountId, sandbox: account.sandbox, actor: RECIPIENT, at }, deed);
}
