import { createHash } from 'node:crypto';
import { GRANT_CREDITS_MAX, LINE_QUANTITY_MAX, LINES_MAX, TEXT_LENGTH_MAX } from '@aibc/shared/amounts';
import { parseId, parseReservationId } from '@aibc/shared/ids';
import type { OwnedId } from '@aibc/shared/ids';
import { checkStorable, checkVisible, composed, isAtMost } from '../../kit/check-text.js';
import { badUserInput } from '../../kit/errors.js';
import { grouped } from '../../kit/grouped.js';
import type { CommitReservationInput, GrantCreditsInput, SpendCreditsInput } from './ledger.types.js';
import type { OperationLine } from '../core/command.js';
import type { Refusal } from '../core/outcome.js';
import type { GrantSource } from '../core/state.js';

export type InvalidAmountRefusal = Extract<Refusal, { kind: 'InvalidAmount' }>;

const TTL_SECONDS_MAX = 86_400;
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;
const GIVEN_BY_OPERATORS: ReadonlySet<GrantSource> = new Set<GrantSource>(['PROMOTION', 'BONUS', 'ADJUSTMENT']);

/*
 * What the input alone shows, before anything is looked up: the `read…` and `check…` functions throw BAD_USER_INPUT for what is malformed,
 * the `find…` functions return an InvalidAmount for what is well-typed but out of range. Neither is kept under the key.
 * Source: docs/domain.md, Amounts; Idempotency
 */

function invalid(field: string, message: string): InvalidAmountRefusal {
  return { kind: 'InvalidAmount', field, message };
}

/** A number that is out of its range. @param range  what is so much: `A quantity is` */
function outOf(field: string, range: string, min: number, max: number, given: string): InvalidAmountRefusal {
  return { kind: 'InvalidAmount', field, min, max, message: `${range} ${grouped(min)} to ${grouped(max)}${given}` };
}

/** Account and uuid of a reservation's public id. @throws BAD_USER_INPUT */
export function readReservationId(text: string, field = 'reservationId'): OwnedId {
  const owned = parseReservationId(text);
  if (owned === null) throw badUserInput(field, `${field} is not the id of a reservation: rsv_ and 52 characters.`);
  return owned;
}

/** The uuid of a grant's public id. @throws BAD_USER_INPUT `grantId` */
export function readGrantId(text: string): string {
  const id = parseId('grant', text);
  if (id === null) throw badUserInput('grantId', 'grantId is not the id of a grant: grant_ and 26 characters.');
  return id;
}

/** @throws BAD_USER_INPUT `idempotencyKey` */
export function checkKey(key: string): void {
  if (!VISIBLE_ASCII.test(key))
    throw badUserInput('idempotencyKey', 'idempotencyKey must be 1 to 255 visible ASCII characters, without spaces.');
}

/** A list of operations with nothing but codes and quantities. @throws BAD_USER_INPUT naming a malformed code */
export function readLines(operations: readonly OperationLine[]): OperationLine[] {
  return operations.map(({ operation, quantity }, index) => {
    const field = `operations[${index}].operation`;
    checkStorable(field, operation);
    if (operation === '' || !isAtMost(operation, TEXT_LENGTH_MAX))
      throw badUserInput(field, `${field} must have 1 to ${TEXT_LENGTH_MAX} characters.`);
    checkVisible(field, operation);
    return { operation, quantity };
  });
}

/** A list has 1 to 100 lines, a line 1 to 10,000 of an operation. */
export function findInvalidLines(lines: readonly OperationLine[]): InvalidAmountRefusal | null {
  if (lines.length < 1 || lines.length > LINES_MAX)
    return outOf('operations', 'A list of operations has', 1, LINES_MAX, ` lines, not ${grouped(lines.length)}.`);
  const index = lines.findIndex(({ quantity }) => quantity < 1 || quantity > LINE_QUANTITY_MAX);
  if (index < 0) return null;
  const { quantity } = lines[index] as OperationLine;
  return outOf(`operations[${index}].quantity`, 'A quantity is', 1, LINE_QUANTITY_MAX, `, not ${grouped(quantity)}.`);
}

/** Free text beside the work, in NFC; empty and absent are the same. @throws BAD_USER_INPUT for what cannot be seen */
export function readNote(field: 'project' | 'reference' | 'reason', text: string | null | undefined): string | null {
  if (text === null || text === undefined || text === '') return null;
  const note = composed(text);
  checkVisible(field, note);
  return note;
}

/** Whom the caller names. @throws BAD_USER_INPUT for an id that is empty or cannot be seen */
export function readMember(member: string | null | undefined): string | null {
  if (member === null || member === undefined) return null;
  if (member === '') throw badUserInput('member', 'member must not be empty; leave it out to act for yourself.');
  checkVisible('member', member);
  return member;
}

/** Texts have at most 200 characters. */
export function findTooLong(texts: Readonly<Record<string, string | null>>): InvalidAmountRefusal | null {
  for (const [field, text] of Object.entries(texts)) {
    if (text !== null && !isAtMost(text, TEXT_LENGTH_MAX))
      return invalid(field, `${field} has at most ${TEXT_LENGTH_MAX} characters.`);
  }
  return null;
}

/** 1 second to 24 hours. */
export function findInvalidTtl(ttlSeconds: number): InvalidAmountRefusal | null {
  if (ttlSeconds >= 1 && ttlSeconds <= TTL_SECONDS_MAX) return null;
  return outOf('ttlSeconds', 'ttlSeconds is', 1, TTL_SECONDS_MAX, ` (24 hours), not ${grouped(ttlSeconds)}.`);
}

/** What a reservation or a spend is asked for, well-formed. */
export interface Work {
  readonly quoteToken: string | null;
  readonly lines: readonly OperationLine[] | null;
  readonly project: string | null;
  readonly member: string | null;
  readonly reference: string | null;
}

/** Work as it is sent. */
type WorkInput = Pick<SpendCreditsInput, 'idempotencyKey' | 'quoteToken' | 'operations'> &
  Partial<Pick<SpendCreditsInput, 'project' | 'member' | 'reference'>>;

/** @throws BAD_USER_INPUT naming what is malformed */
export function readWork(input: WorkInput): Work {
  checkKey(input.idempotencyKey);
  const quoteToken = input.quoteToken ?? null;
  if (quoteToken !== null) checkStorable('quoteToken', quoteToken);
  return {
    quoteToken,
    lines: input.operations ? readLines(input.operations) : null,
    project: readNote('project', input.project),
    member: readMember(input.member),
    reference: readNote('reference', input.reference),
  };
}

/** Exactly one of token and operations, the list and the texts in range. */
export function findInvalidWork({ quoteToken, lines, project, member, reference }: Work): InvalidAmountRefusal | null {
  if ((quoteToken === null) === (lines === null)) {
    return invalid(
      'operations',
      "Give either a quote's token or operations, not " + (lines === null ? 'neither.' : 'both.'),
    );
  }
  return (lines === null ? null : findInvalidLines(lines)) ?? findTooLong({ project, member, reference });
}

/** What a commit says was done, in range: nothing beside a failure, and an amount or operations, not both. */
export function findInvalidCommit({
  amount,
  operations,
  final,
  outcome,
}: CommitReservationInput): InvalidAmountRefusal | null {
  const hasAmount = amount !== null && amount !== undefined;
  const hasOperations = operations !== null && operations !== undefined;
  if (outcome !== 'SUCCEEDED') {
    const why = `Work that ${outcome === 'FAILED' ? 'failed' : `was ${outcome.toLowerCase()}`} commits nothing and returns what is held`;
    if (hasAmount) return invalid('amount', `${why}: leave amount out.`);
    if (hasOperations) return invalid('operations', `${why}: leave operations out.`);
    if (!final) return invalid('final', `${why}: final cannot be false.`);
    return null;
  }
  if (hasAmount && hasOperations)
    return invalid('amount', 'Give an amount or the operations that were done, not both.');
  return hasOperations ? findInvalidLines(operations) : null;
}

/** Source, amount and reason of a grant, in range. */
export function findInvalidGrant({ source, credits, reason }: GrantCreditsInput): InvalidAmountRefusal | null {
  if (!GIVEN_BY_OPERATORS.has(source))
    return invalid('source', `Operators grant PROMOTION, BONUS or ADJUSTMENT, not ${source}.`);
  if (credits < 1 || credits > GRANT_CREDITS_MAX)
    return outOf('credits', 'A grant has', 1, GRANT_CREDITS_MAX, ` credits, not ${grouped(credits)}.`);
  return findInvalidReason(reason);
}

/** Why credits are given or taken back, which history shows: never empty. */
export function findInvalidReason(reason: string): InvalidAmountRefusal | null {
  if (reason === '' || !isAtMost(reason, TEXT_LENGTH_MAX))
    return invalid('reason', `reason has 1 to ${TEXT_LENGTH_MAX} characters.`);
  return null;
}

/** A token as it is kept beside a key: long tokens would be kept for ever, and only sameness matters. */
export function digestOf(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('base64url')}`;
}
