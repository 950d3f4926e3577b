import { readAccountId } from '../../accounts/account-id.js';
import type { AccountDirectory } from '../../accounts/account-directory.js';
import { assertAccount, assertCaller, assertOperator } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import type { Catalog } from '../../catalog/catalog.js';
import type { History } from '../../db/history.js';
import { instance } from '../../kit/instance.js';
import {
  checkKey,
  findInvalidCommit,
  findInvalidGrant,
  findInvalidReason,
  findInvalidTtl,
  readGrantId,
  readLines,
  readNote,
  readReservationId,
} from './check-input.js';
import type { InvalidAmountRefusal } from './check-input.js';
import { toActor, toKeyed } from './command-input.js';
import type { Command } from '../core/commands.js';
import type { Ledger } from '../core/ledger.js';
import type { AnsweringKind } from '../core/outcome.js';
import type { OwnedRows } from '../core/state.js';
import { GrantReceipt } from './ledger.types.js';
import type {
  CommitReservationInput,
  ExtendReservationInput,
  GrantCreditsInput,
  ReleaseReservationInput,
  RevokeGrantInput,
} from './ledger.types.js';
import type { Problem } from './problem.types.js';
import { showGrant } from './show-balance.js';
import { showOutcome, showRowOutcome } from './show-outcome.js';
import { showRefusal } from './show-refusal.js';
import type { Receipt, Shown } from './show-outcome.js';

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

/**
 * Turns a hold, or part of it, into spent credits; what a final commit leaves over is released in the same step.
 *
 * @param input  `amount` in whole credits, or the `operations` that were done at their reserved prices, not both; neither: all that is held.
 * `final: false` keeps the rest held. Any `outcome` but SUCCEEDED commits 0 and releases everything
 * @returns the reservation and the balance it left; or a refusal: ReservationClosed (it says which end came first),
 * CommitExceedsReservation (more than held under REJECT), InvalidAmount, IdempotencyConflict. Under IF_AVAILABLE the excess is held first from
 * what is available, and what is missing is recorded as `uncollected`
 * @throws as `releaseReservation`
 *
 * Concurrency: a reservation is closed once; of a commit, a release and the expiry the first wins. A commit up to 24 hours after the expiry still
 * lands, once, from what is available then. Source: docs/domain.md, Quote, reserve, commit; Idempotency
 */
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

/**
 * Gives everything back that a reservation holds, and closes it as RELEASED.
 *
 * Credits of a grant that has ended meanwhile go to `expired`, in the same step; the others are available again at once.
 *
 * @returns the reservation and the balance it left; or a refusal: ReservationClosed (it was committed, released or expired before),
 * IdempotencyConflict
 * @throws UNAUTHENTICATED; BAD_USER_INPUT naming the field; NOT_FOUND for an unknown or foreign id; FORBIDDEN without `credits:reserve`, or where
 * somebody else opened it and the caller is no service or operator; UNAVAILABLE: repeat it with the same key
 *
 * Concurrency: of a release, a commit and the expiry the first closes it, and the others are told which that was.
 * Source: docs/domain.md, Quote, reserve, commit; Idempotency
 */
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

/**
 * Sets the end of an open hold to now plus `ttlSeconds`; what it holds stays as it is.
 *
 * @param input  `ttlSeconds` from now on the account's clock, 1 to 86,400; never to an earlier end, nor beyond 7 days from the opening
 * @returns the reservation with its new end; or a refusal: ReservationClosed, InvalidAmount naming `ttlSeconds` with the range that is left,
 * IdempotencyConflict
 * @throws as `releaseReservation`
 *
 * Concurrency: at its end a hold is expired, so one that comes too late is told EXPIRED. Source: docs/domain.md, Quote, reserve, commit; Idempotency
 */
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

/**
 * Gives an account promotional, bonus or correcting credits; they are available at once, and a GRANT_ADDED event says so. Operators only.
 *
 * @param input  whole `credits`, 1 to 10^12; `source` PROMOTION, BONUS or ADJUSTMENT; `expiresAt` later than the account's now, or null: never
 * @returns the grant and the balance it left; or a refusal: InvalidAmount naming the field (also when the account would own more than 10^15
 * unspent credits), IdempotencyConflict
 * @throws UNAUTHENTICATED; FORBIDDEN for others than operators and without `credits:grant`; BAD_USER_INPUT naming the field; NOT_FOUND for an
 * unknown account; UNAVAILABLE: repeat it with the same key
 *
 * Concurrency: limits hold together with every other command on the account. Source: docs/domain.md, Grants and burn order; Idempotency
 */
export async function grantCredits(
  deps: SubmitDeps,
  caller: Caller | null,
  input: GrantCreditsInput,
): Promise<GrantReceipt | Problem> {
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
  const command = {
    type: 'grant',
    accountId,
    actor: toActor(caller),
    keyed,
    grantId: deps.nextId(),
    ...grant,
  } as const;
  return submitForRow(deps, command, 'grants', (row, receipt) =>
    instance(GrantReceipt, { grant: showGrant(row), ...receipt }),
  );
}

/**
 * Takes back what is unheld of a grant, at once; what its holds give back later is taken back then. Operators only.
 *
 * @param input  `reason` is shown in the history. A grant of which nothing is left to take is answered as it is
 * @returns the grant and the balance it left; or a refusal: InvalidAmount naming `grantId` for what a purchase brought, or `reason`,
 * IdempotencyConflict
 * @throws UNAUTHENTICATED; FORBIDDEN for others than operators and without `credits:grant`; BAD_USER_INPUT naming the field; NOT_FOUND for an
 * unknown account, or a grant that is unknown or another account's; UNAVAILABLE: repeat it with the same key
 *
 * Concurrency: a hold that was opened before keeps its credits; of a reserve and a revoke at once the first decided has them.
 * Source: docs/domain.md, Grants and burn order; Idempotency
 */
export async function revokeGrant(
  deps: SubmitDeps,
  caller: Caller | null,
  input: RevokeGrantInput,
): Promise<GrantReceipt | Problem> {
  assertOperator(caller);
  const accountId = readAccountId(input.accountId, 'accountId');
  const grantId = readGrantId(input.grantId);
  checkKey(input.idempotencyKey);
  const reason = readNote('reason', input.reason) ?? '';
  assertAccount(caller, await deps.directory.findFor(caller, accountId), 'credits:grant');
  const invalid = findInvalidReason(reason);
  if (invalid !== null) return refuse(deps, invalid);
  const keyed = toKeyed(caller, 'revoke', input.idempotencyKey, { grantId, reason });
  const command = { type: 'revoke', accountId, actor: toActor(caller), keyed, grantId, reason } as const;
  return submitForRow(deps, command, 'grants', (row, receipt) =>
    instance(GrantReceipt, { grant: showGrant(row), ...receipt }),
  );
}

/** Has the ledger decide a command about a reservation, and shows what it came to. */
export async function submit(deps: SubmitDeps, command: Command): Promise<Shown> {
  const history = deps.history.present.publicId;
  const outcome = await deps.ledger.submit(command);
  return showOutcome(deps.catalog(), history, outcome);
}

/** The same for a command that answers with a row of a kind: `show` makes a receipt of it, with the balance and whether it is a repetition. */
export async function submitForRow<K extends AnsweringKind, S>(
  deps: Pick<SubmitDeps, 'ledger' | 'catalog' | 'history'>,
  command: Command,
  of: K,
  show: (row: OwnedRows[K], receipt: Receipt) => S,
): Promise<S | Problem> {
  const history = deps.history.present.publicId;
  return showRowOutcome(deps.catalog(), history, await deps.ledger.submit(command), of, show);
}

/** Shows what the input alone refuses; nothing is kept under the key. */
export function refuse(deps: SubmitDeps, refusal: InvalidAmountRefusal): Problem {
  return showRefusal(deps.catalog(), deps.history.present.publicId, refusal, false);
}
