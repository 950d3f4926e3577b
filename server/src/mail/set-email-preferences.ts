import type { DataSource, EntityManager } from 'typeorm';
import type { AccountDirectory } from '../accounts/account-directory.js';
import { readAccountId } from '../accounts/account-id.js';
import { writeAudit } from '../audit/write-audit.js';
import { actorOf, assertAccount, assertCaller } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import { badUserInput, rateLimited } from '../kit/errors.js';
import { maskEmailAddress, readEmailAddress } from './email-address.js';
import { MAIL_KINDS, type MailKind } from './mail-kind.js';
import { messageKeyOf } from './mail-links.js';
import { insertMail } from './mail-rows.js';
import type { SetEmailPreferencesInput } from './mail.types.js';
import { addChoice, type MailPreferences, readPreferences, removeChoice, writeAddress } from './preference-rows.js';

const DAY_MS = 86_400_000;
/** Confirmations of an account, and to an address, in a day: nobody can have a stranger's mailbox filled. */
const CONFIRMATIONS_A_DAY = 5;

export interface SetEmailPreferencesDeps {
  readonly dataSource: DataSource;
  readonly directory: Pick<AccountDirectory, 'findFor'>;
  readonly nextId: () => string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Has mails sent soon. */
  readonly wake: () => void;
}

const NOTHING_SET: MailPreferences = { address: null, isConfirmed: false, kinds: new Set() };

/**
 * Says where an account's mails go and of which kinds they are.
 *
 * Another address than before is unconfirmed until the link in the mail that goes there was followed; nothing else is sent to it before.
 * Calls at once come one after the other, and each says only what it names.
 *
 * @throws UNAUTHENTICATED; BAD_USER_INPUT `accountId` or `address`; NOT_FOUND for an unknown or foreign account; FORBIDDEN without
 *   `keys:admin`; RATE_LIMITED beyond five confirmations a day of an account or to an address
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export async function setEmailPreferences(
  deps: SetEmailPreferencesDeps,
  caller: Caller | null,
  input: SetEmailPreferencesInput,
): Promise<void> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  const account = await deps.directory.findFor(caller, accountId);
  assertAccount(caller, account, 'keys:admin');
  const address = addressOf(input);
  const asked = choicesOf(input);
  const isToConfirm = await deps.dataSource.transaction(async (manager) => {
    const before = await holdPreferences(manager, accountId);
    const isNewAddress = address !== undefined && address !== before.address;
    if (isNewAddress) await writeAddress(manager, accountId, address);
    const on = asked.filter(([kind, wanted]) => wanted && !before.kinds.has(kind)).map(([kind]) => kind);
    const off = asked.filter(([kind, wanted]) => !wanted && before.kinds.has(kind)).map(([kind]) => kind);
    // Also those that are on: who asks again begins with no refusals.
    for (const [kind, wanted] of asked) await (wanted ? addChoice : removeChoice)(manager, accountId, kind);
    if (isNewAddress || on.length + off.length > 0) {
      const said = isNewAddress ? { address: address === null ? null : maskEmailAddress(address) } : {};
      await writeAudit(
        manager,
        { accountId, sandbox: account.sandbox, actor: actorOf(caller), at: deps.clock() },
        { action: 'email.changed', facts: { ...said, on, off } },
      );
    }
    if (address === undefined || address === null || (before.isConfirmed && !isNewAddress)) return false;
    await askToConfirm(deps, manager, accountId, address);
    return true;
  });
  if (isToConfirm) deps.wake();
}

/** @returns undefined: it stays; null: none any more */
function addressOf({ address }: SetEmailPreferencesInput): string | null | undefined {
  if (address === undefined || address === null) return address;
  const read = readEmailAddress(address);
  if (read === null) throw badUserInput('address', 'address is not the address of one mailbox, like anna@example.com.');
  return read;
}

function choicesOf(input: SetEmailPreferencesInput): (readonly [MailKind, boolean])[] {
  const said: Readonly<Record<MailKind, boolean | null | undefined>> = {
    LOW_BALANCE: input.lowBalance,
    PERIOD_RESET: input.periodReset,
    RECEIPTS: input.receipts,
    EXPIRING: input.expiring,
  };
  return MAIL_KINDS.flatMap((kind) => (said[kind] == null ? [] : [[kind, said[kind]] as const]));
}

/** Preferences as they are, which nobody else changes until the transaction ends. */
async function holdPreferences(manager: EntityManager, accountId: string): Promise<MailPreferences> {
  await manager.query('/* mail.hold */ SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`mail ${accountId}`]);
  return (await readPreferences(manager, [accountId])).get(accountId) ?? NOTHING_SET;
}

/** Writes the mail with the link; those with earlier links that still wait are not needed any more. */
async function askToConfirm(
  { nextId, clock }: SetEmailPreferencesDeps,
  manager: EntityManager,
  accountId: string,
  address: string,
): Promise<void> {
  const now = clock();
  const [row]: { most: number; oldest: Date | null }[] = await manager.query(
    `/* mail.confirmations */ SELECT greatest(count(*) FILTER (WHERE account_id = $1), count(*) FILTER (WHERE address = $2))::integer AS most,
        min(created_at) AS oldest FROM mail
      WHERE kind = 'CONFIRMATION' AND created_at > $3 AND (account_id = $1 OR address = $2)`,
    [accountId, address, new Date(now - DAY_MS)],
  );
  if ((row?.most ?? 0) >= CONFIRMATIONS_A_DAY) throw rateLimited((row?.oldest?.getTime() ?? now) + DAY_MS - now);
  await manager.query(
    `/* mail.confirm_anew */ UPDATE mail SET status = 'TAKEN_BACK', ended_at = $2 WHERE (account_id, mail_id) IN (
        SELECT account_id, mail_id FROM mail WHERE account_id = $1 AND kind = 'CONFIRMATION' AND status = 'WAITING'
        FOR UPDATE SKIP LOCKED)`,
    [accountId, new Date(now)],
  );
  const id = nextId();
  const messageKey = messageKeyOf(['confirmation', id], address);
  const mail = { accountId, id, messageKey, kind: 'CONFIRMATION' as const, address, event: null };
  await insertMail(manager, { ...mail, createdAt: now, sendAt: now });
}
