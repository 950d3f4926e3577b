import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import { findPurchases } from '../billing/read-purchases.js';
import { balanceOf } from '../ledger/core/balance.js';
import { type LedgerEvent, saidBy } from '../ledger/core/events.js';
import type { AccountSnapshot } from '../ledger/graph/account-snapshot.js';
import type { AccountReader } from '../ledger/graph/read-account.js';
import type { LevelName } from '../ledger/core/state.js';
import type { EventStore } from '../live/event-store.js';
import { composeLetter } from './compose-letter.js';
import { confirmationLetter } from './confirmation-letter.js';
import { letterOf } from './event-mails.js';
import { judgeRecovery, judgeWarning } from './judge-warning.js';
import type { ComposedLetter, Letter } from './letter.js';
import type { MailAddresses } from './mail-addresses.js';
import { KIND_WORDS } from './mail-kind.js';
import { countSent, readToldOfBalance, type ToldEvent, type WaitingMail } from './mail-rows.js';
import { isWanted, readPreferences } from './preference-rows.js';

const DAY_MS = 86_400_000;
/** A sandbox account is sent so many mails a day: a loop of tests must not spoil the name of those who send. */
const SANDBOX_MAILS_A_DAY = 100;

export interface DraftDeps {
  /** A pool whose connections see values as `ledgerTypes` says. */
  readonly reader: pg.Pool;
  readonly accounts: Pick<AccountReader, 'readAll'>;
  readonly events: Pick<EventStore, 'listOfAccount'>;
  readonly addresses: MailAddresses;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** What a mail came to when its time had come. */
export type MailDraft =
  | {
      readonly is: 'letter';
      readonly letter: ComposedLetter;
      readonly level: LevelName | null;
      readonly stopUrl: string | null;
    }
  | { readonly is: 'wait'; readonly until: number }
  | { readonly is: 'ended'; readonly status: 'TAKEN_BACK' | 'UNWANTED'; readonly trouble?: string };

/**
 * What a mail says now that its time has come: the newest state of what it tells of; or that it waits on, or is not sent at all.
 *
 * @param manager  of the transaction that holds the mail
 * Source: docs/domain.md, Thresholds, events, notifications
 */
export async function draftMail(deps: DraftDeps, manager: EntityManager, mail: WaitingMail): Promise<MailDraft> {
  const preferences = (await readPreferences(manager, [mail.accountId])).get(mail.accountId);
  const [account] = await deps.accounts.readAll([mail.accountId]);
  if (account === undefined) return { is: 'ended', status: 'UNWANTED' };
  const { addresses } = deps;
  if (mail.kind === 'CONFIRMATION' || mail.event === null) {
    if (preferences?.address !== mail.address || preferences.isConfirmed) return { is: 'ended', status: 'UNWANTED' };
    const url = addresses.confirmUrl(mail.accountId, mail.address, deps.clock());
    const because = 'You get this mail because somebody who manages this account entered your address.';
    return toDraft(deps, account, confirmationLetter(account.name, url), { because, stopUrl: null, level: null });
  }
  if (!isWanted(preferences, mail.kind, mail.address)) return { is: 'ended', status: 'UNWANTED' };
  if (account.state.sandbox && (await countSent(manager, mail.accountId, deps.clock() - DAY_MS)) >= SANDBOX_MAILS_A_DAY)
    return { is: 'ended', status: 'UNWANTED', trouble: 'a sandbox account is sent no more mails a day' };
  const written = await readEvent(deps, mail.accountId, mail.event);
  if (written === null) return { is: 'ended', status: 'TAKEN_BACK' };
  const judged = await judge(deps, manager, written, account);
  if ('is' in judged) return judged;
  const { event, level } = judged;
  const letter = letterOf({
    event,
    timeZone: account.state.timeZone,
    purchase: await findPurchase(deps, event),
    publicUrl: addresses.publicUrl,
  });
  return toDraft(deps, account, letter, {
    because: `You get this mail because mails about ${KIND_WORDS[mail.kind]} were asked for.`,
    stopUrl: addresses.stopUrl(mail.accountId, mail.kind, mail.address),
    level,
  });
}

function toDraft(
  { addresses }: DraftDeps,
  account: AccountSnapshot,
  letter: Letter,
  { because, stopUrl, level }: { because: string; stopUrl: string | null; level: LevelName | null },
): MailDraft {
  const frame = {
    accountName: account.name,
    isSandbox: account.state.sandbox,
    because,
    stopUrl,
    supportAddress: addresses.supportAddress,
  };
  return { is: 'letter', letter: composeLetter(letter, frame), level, stopUrl };
}

async function readEvent(
  { events }: DraftDeps,
  accountId: string,
  { version, ordinal, type }: ToldEvent,
): Promise<LedgerEvent | null> {
  const [event] = await events.listOfAccount({ accountId, version, ordinal: ordinal - 1 }, 0, null, 1);
  return event?.version === version && event.ordinal === ordinal && event.type === type ? event : null;
}

/** An event with the newest state in it, and the rule that it tells of; or why nothing is sent now. */
async function judge(
  deps: DraftDeps,
  manager: EntityManager,
  event: LedgerEvent,
  { state }: AccountSnapshot,
): Promise<{ readonly event: LedgerEvent; readonly level: LevelName | null } | Exclude<MailDraft, { is: 'letter' }>> {
  if (event.type !== 'BALANCE_LOW' && event.type !== 'BALANCE_RECOVERED') return { event, level: null };
  const { creditType } = event;
  const balance = balanceOf(state, creditType);
  const known = {
    balance,
    levels: state.credits[creditType].levels,
    told: await readToldOfBalance(manager, state.id, creditType),
    now: deps.clock(),
  };
  const judged = event.type === 'BALANCE_LOW' ? judgeWarning(known) : judgeRecovery(event.facts, known);
  if (judged.is === 'taken back') return { is: 'ended', status: 'TAKEN_BACK' };
  if (judged.is === 'wait') return judged;
  const { level, threshold } = judged;
  return { event: { ...event, balance, facts: { ...event.facts, level, threshold } }, level };
}

async function findPurchase({ reader }: DraftDeps, event: LedgerEvent) {
  const { purchaseId } = saidBy(event);
  if (purchaseId === undefined) return null;
  const [found] = await findPurchases(reader, event.accountId, [purchaseId]);
  return found?.purchase ?? null;
}
