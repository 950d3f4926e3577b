import { TEXT_LENGTH_MAX } from '@aibc/shared/amounts';
import { checkName, composed } from '../../kit/check-text.js';
import type { Conditions } from './conditions.js';

/** What work is asked for by, as reservations keep it; null: anything. An empty text: what has none. */
export interface Subject {
  readonly reference: string | null;
  readonly project: string | null;
  readonly member: string | null;
}

/** What may be asked for, as it comes from a caller. */
export interface SubjectInput {
  readonly reference?: string | null | undefined;
  readonly project?: string | null | undefined;
  readonly member?: string | null | undefined;
}

/**
 * Reads what work is asked for by. Texts are compared in the spelling in which they are kept.
 *
 * @throws BAD_USER_INPUT `reference`, `project` or `member`: too long, or what no reservation can have; `member` when it is empty
 */
export function readSubject({ reference, project, member }: SubjectInput): Subject {
  return {
    reference: readText('reference', reference),
    project: readText('project', project),
    member: readMemberAsked(member),
  };
}

function readText(field: string, text: string | null | undefined): string | null {
  if (text === null || text === undefined || text === '') return text ?? null;
  const read = composed(text);
  checkName(field, read, TEXT_LENGTH_MAX);
  return read;
}

/** Members are named by the identity provider: their ids are kept as they come. @throws BAD_USER_INPUT `member` */
export function readMemberAsked(member: string | null | undefined): string | null {
  if (member === null || member === undefined) return null;
  checkName('member', member, TEXT_LENGTH_MAX);
  return member;
}

/** Whether anything is asked for. */
export function isAsked({ reference, project, member }: Subject): boolean {
  return reference !== null || project !== null || member !== null;
}

/** In this order: what is likely to find the fewest reservations comes first. Each has an index of its own, of reservations that have it. */
const BY_RARITY = ['reference', 'project', 'member'] as const;

/** What an index finds reservations by; null: nothing that was asked for, since what has no project has no index. */
export function indexedField(subject: Subject): (typeof BY_RARITY)[number] | null {
  return BY_RARITY.find((field) => subject[field] !== null && subject[field] !== '') ?? null;
}

/** The conditions on a reservation that is asked for, each as it is found by its index. @param alias  of the table */
export function conditionsOf(subject: Subject, alias: string, conditions: Conditions): readonly string[] {
  return BY_RARITY.flatMap((field) => {
    const asked = subject[field];
    if (asked === null) return [];
    return asked === '' ? `${alias}.${field} IS NULL` : `${alias}.${field} = ${conditions.value(asked)}`;
  });
}
