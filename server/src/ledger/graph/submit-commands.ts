import { readAccountId } from '../../accounts/account-id.js';
import type { AccountDirectory } from '../../accounts/account-directory.js';
import { assertAccount, assertCaller, assertOperator, personOf } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import type { Catalog } from '../../catalog/catalog.js';
import { readQuote } from '../../catalog/quote-token.js';
import type { History } from '../../db/history.js';
import { forbidden } from '../../kit/errors.js';
import {
  checkKey,
  digestOf,
  findInvalidCommit,
  findInvalidGrant,
  findInvalidTtl,
  findInvalidWork,
  readLines,
  readNote,
  readReservationId,
  readWork,
} from './check-input.js';
import type { InvalidAmountRefusal, Work } from './check-input.js';
import { toActor, toKeyed } from './command-input.js';
import type { KeyGroup } from './command-input.js';
import type { Command } from '../core/commands.js';
import type { ReserveCommand } from '../core/commands/reserve.js';
import type { Ledger } from '../core/ledger.js';
import type {
  CommitReservationInput,
  ExtendReservationInput,
  GrantCreditsInput,
  ReleaseReservationInput,
  ReserveCreditsInput,
  SpendCreditsInput,
} from './ledger.types.js';
import { showOutcome } from './show-outcome.js';
import { showRefusal } from './show-refusal.js';
import type { Shown } from './show-outcome.js';

export interface SubmitDeps {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly directory: AccountDirectory;
  readonly catalog: () => Catalog;
  readonly history: Pick<History, 'present'>;
  /** Signs quotes; the same in every process. */
  readonly quoteSecret: Buffer;
  /** A new UUIDv7, lower case with dashes. */
  readonly nextId: () => string;
}

/*
 * From input to outcome, in this order: who calls, what is malformed (BAD_USER_INPUT), whether the caller may (NOT_FOUND, FORBIDDEN), what is
 * out of range (InvalidAmount), then the ledger. Only what the ledger decides is kept under the key.
 */

/** Holds credits. Source: docs/domain.md, Quote, reserve, commit */
export async function reserveCredits(
  deps: SubmitDeps,
  caller: Caller | null,
  input: ReserveCreditsInput,
): Promise<Shown> {
  return reserve(deps, caller, input, 'reserve', input.ttlSeconds);
}

/** Holds and commits in one step. Source: docs/domain.md, Quote, reserve, commit */
export async function spendCredits(deps: SubmitDeps, caller: Caller | null, input: SpendCreditsInput): Promise<Shown> {
  return reserve(deps, caller, input, 'spend', null);
}

async function reserve(
  deps: SubmitDeps,
  caller: Caller | null,
  input: SpendCreditsInput,
  group: Extract<KeyGroup, 'reserve' | 'spend'>,
  ttlSeconds: number | null,
): Promise<Shown> {
  assertCaller(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  const work = readWork(input);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:reserve');
  const member = memberFor(caller, work.member);
  const invalid = findInvalidWork(work) ?? (ttlSeconds === null ? null : findInvalidTtl(ttlSeconds));
  if (invalid !== null) return refuse(deps, invalid);
  const { quoteToken, project, reference } = work;
  const command: ReserveCommand = {
    type: 'reserve',
    accountId,
    actor: toActor(caller),
    keyed: toKeyed(caller, group, input.idempotencyKey, canonicalWork(work, ttlSeconds)),
    reservationId: deps.nextId(),
    quote: quoteToken === null ? null : { payload: readQuote(quoteToken, deps.quoteSecret) },
    operations: work.lines ?? [],
    ttlSeconds: ttlSeconds ?? 0,
    project,
    member,
    reference,
    spend: ttlSeconds === null,
  };
  return submit(deps, command);
}

/** Whom usage is booked to: null for the caller. A user, and a key in a user's place, may name nobody else. */
function memberFor(caller: Caller, member: string | null): string | null {
  const person = personOf(caller);
  if (person === null || member === null) return member;
  if (member !== person) throw forbidden('Only a service or an operator may act on behalf of another member.');
  return null;
}

/** A member left out compares as left out, and not as the caller whom it stands for. */
function canonicalWork({ quoteToken, lines, project, member, reference }: Work, ttlSeconds: number | null) {
  const work = {
    quoteToken: quoteToken === null ? null : digestOf(quoteToken),
    operations: lines,
    project,
    member,
    reference,
  };
  return ttlSeconds === null ? work : { ...work, ttlSeconds };
}

/** Turns a hold, or part of it, into spent credits. Source: docs/domain.md, Quote, reserve, commit */
export async function commitReservation(
  deps: SubmitDeps,
  caller: Caller | null,
  input: CommitReservationInput,
): Promise<Shown> {
  assertCaller(caller);
  const { accountId, id: reservationId } = readReservationId(input.reservationId);
  checkKey(input.idempotencyKey);
  const operations = input.operations ? readLines(input.operations) : null;
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:reserve');
  const invalid = findInvalidCommit(input);
  if (invalid !== null) return refuse(deps, invalid);
  const done = {
    amount: input.amount ?? null,
    operations,
    final: input.final,
    outcome: input.outcome,
    policy: input.policy,
  };
  const keyed = toKeyed(caller, 'commit', input.idempotencyKey, { reservationId, ...done });
  return submit(deps, { type: 'commit', accountId, actor: toActor(caller), keyed, reservationId, ...done });
}

/** Gives a hold back. Source: docs/domain.md, Quote, reserve, commit */
export async function releaseReservation(
  deps: SubmitDeps,
  caller: Caller | null,
  input: ReleaseReservationInput,
): Promise<Shown> {
  assertCaller(caller);
  const { accountId, id: reservationId } = readReservationId(input.reservationId);
  checkKey(input.idempotencyKey);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:reserve');
  const keyed = toKeyed(caller, 'release', input.idempotencyKey, { reservationId });
  return submit(deps, { type: 'release', accountId, actor: toActor(caller), keyed, reservationId });
}

/** Keeps a hold open for longer. Source: docs/domain.md, Quote, reserve, commit */
export async function extendReservation(
  deps: SubmitDeps,
  caller: Caller | null,
  input: ExtendReservationInput,
): Promise<Shown> {
  assertCaller(caller);
  const { accountId, id: reservationId } = readReservationId(input.reservationId);
  checkKey(input.idempotencyKey);
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:reserve');
  const { ttlSeconds } = input;
  const invalid = findInvalidTtl(ttlSeconds);
  if (invalid !== null) return refuse(deps, invalid);
  const keyed = toKeyed(caller, 'extend', input.idempotencyKey, { reservationId, ttlSeconds });
  return submit(deps, { type: 'extend', accountId, actor: toActor(caller), keyed, reservationId, ttlSeconds });
}

/** Gives promotional, bonus or correcting credits. Source: docs/domain.md, Grants and burn order */
export async function grantCredits(deps: SubmitDeps, caller: Caller | null, input: GrantCreditsInput): Promise<Shown> {
  assertOperator(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  checkKey(input.idempotencyKey);
  const reason = readNote('reason', input.reason) ?? '';
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:grant');
  const invalid = findInvalidGrant(input);
  if (invalid !== null) return refuse(deps, invalid);
  const grant = {
    credits: input.credits,
    creditType: input.creditType,
    source: input.source,
    expiresAt: input.expiresAt ?? null,
    reason,
  };
  const keyed = toKeyed(caller, 'grant', input.idempotencyKey, grant);
  return submit(deps, { type: 'grant', accountId, actor: toActor(caller), keyed, grantId: deps.nextId(), ...grant });
}

async function submit(deps: SubmitDeps, command: Command): Promise<Shown> {
  const history = deps.history.present.publicId;
  const outcome = await deps.ledger.submit(command);
  return showOutcome(deps.catalog(), history, outcome);
}

function refuse(deps: SubmitDeps, refusal: InvalidAmountRefusal): Shown {
  return showRefusal(deps.catalog(), deps.history.present.publicId, refusal, false);
}
