import type { DataSource, EntityManager } from 'typeorm';
import { writeAudit } from '../audit/write-audit.js';
import type { LevelName } from '../ledger/core/state.js';
import { type DraftDeps, draftMail } from './draft-mail.js';
import { deleteEnded, endMail, endWaitsForHolds, postponeMail, takeMail, type WaitingMail } from './mail-rows.js';
import { countRefusal, forgetRefusals, REFUSALS_MAX, removeChoice } from './preference-rows.js';
import type { MailTransport, SendOutcome } from './smtp-transport.js';

const DAY_MS = 86_400_000;
const RETRY_MS_MIN = 60_000;
const RETRY_MS_MAX = 6 * 3_600_000;
/** Some three days. */
const ATTEMPTS_MAX = 20;
const KEPT_DAYS = 90;

export interface SendDeps extends DraftDeps {
  readonly dataSource: DataSource;
  /** Null: a demo, in which mails are kept and shown. */
  readonly transport: MailTransport | null;
  readonly onError: (error: unknown, what: string) => void;
}

/**
 * Sends the mails whose time has come, the oldest first, one after the other.
 *
 * Each is held by a transaction while it is sent and noted as sent by the same. A process that dies meanwhile leaves it as it was: it is
 * sent once more at most, under the same Message-ID. Several processes share the work.
 */
export async function sendMails(deps: SendDeps, signal?: AbortSignal): Promise<void> {
  await endWaitsForHolds(deps.dataSource.manager, deps.clock());
  while (signal?.aborted !== true && (await sendNext(deps)));
  await deleteEnded(deps.dataSource.manager, deps.clock() - KEPT_DAYS * DAY_MS);
}

/** @returns whether it is worth going on: there was a mail, and mails can be sent */
async function sendNext(deps: SendDeps): Promise<boolean> {
  let taken: WaitingMail | null = null;
  try {
    return await deps.dataSource.transaction(async (manager) => {
      taken = await takeMail(manager, deps.clock());
      return taken !== null && (await sendTaken(deps, manager, taken));
    });
  } catch (error) {
    const mail = taken as WaitingMail | null;
    if (mail === null) throw error;
    // One that cannot be written must not keep the others waiting.
    deps.onError(error, `mail ${mail.id} of account ${mail.accountId}`);
    await later(deps.dataSource.manager, mail, String(error).slice(0, 300), deps.clock());
    return true;
  }
}

/** @returns whether mails can be sent */
async function sendTaken(deps: SendDeps, manager: EntityManager, mail: WaitingMail): Promise<boolean> {
  const draft = await draftMail(deps, manager, mail);
  const at = deps.clock();
  if (draft.is === 'wait') await postponeMail(manager, mail, { sendAt: draft.until, attempts: mail.attempts });
  if (draft.is === 'ended') await endMail(manager, mail, { ...draft, at });
  if (draft.is !== 'letter') return true;
  const { letter, level, stopUrl } = draft;
  if (deps.transport === null) {
    await endMail(manager, mail, { status: 'SENT', at, attempts: 1, level, kept: letter });
    return true;
  }
  const messageId = deps.addresses.messageIdOf(mail.messageKey);
  const outcome = await deps.transport.send({ to: mail.address, messageId, stopUrl, ...letter });
  await note(manager, mail, outcome, level, deps.clock());
  if (outcome.is === 'failed' || (outcome.is === 'later' && outcome.isDown))
    deps.onError(new Error(outcome.trouble), 'mail server');
  return outcome.is !== 'later' || !outcome.isDown;
}

/** Notes what the mail server said. */
async function note(
  manager: EntityManager,
  mail: WaitingMail,
  outcome: SendOutcome,
  level: LevelName | null,
  now: number,
): Promise<void> {
  const attempts = mail.attempts + 1;
  if (outcome.is === 'sent') {
    await endMail(manager, mail, { status: 'SENT', at: now, attempts, level });
    if (mail.kind !== 'CONFIRMATION') await forgetRefusals(manager, mail.accountId, mail.kind);
    return;
  }
  const { trouble } = outcome;
  if (outcome.is === 'later') return later(manager, mail, trouble, now);
  const status = outcome.is === 'refused' ? 'REFUSED' : 'GIVEN_UP';
  await endMail(manager, mail, { status, at: now, attempts, trouble });
  if (outcome.is === 'refused') await noteRefusal(manager, mail, now);
}

/** Tries a mail again, later each time, until it is given up. */
function later(manager: EntityManager, mail: WaitingMail, trouble: string, now: number): Promise<void> {
  const attempts = mail.attempts + 1;
  if (attempts >= ATTEMPTS_MAX) return endMail(manager, mail, { status: 'GIVEN_UP', at: now, attempts, trouble });
  const waitMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** mail.attempts);
  return postponeMail(manager, mail, { sendAt: now + waitMs, attempts, trouble });
}

/** After three refusals, one after the other, no mail of that kind is tried any more. */
async function noteRefusal(manager: EntityManager, { accountId, kind }: WaitingMail, now: number): Promise<void> {
  if (kind === 'CONFIRMATION' || (await countRefusal(manager, accountId, kind)) < REFUSALS_MAX) return;
  await removeChoice(manager, accountId, kind);
  const [account]: { sandbox: boolean }[] = await manager.query(
    '/* mail.side */ SELECT sandbox FROM account WHERE account_id = $1',
    [accountId],
  );
  await writeAudit(
    manager,
    { accountId, sandbox: account?.sandbox ?? false, actor: 'system', at: now },
    { action: 'email.stopped', facts: { kind, because: 'refused' } },
  );
}
