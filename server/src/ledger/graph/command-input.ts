import { actorOf, personOf } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
import { forbidden } from '../../kit/errors.js';
import type { Actor, Keyed } from '../core/command.js';
import type { Command } from '../core/commands.js';

/** Mutations that share their keys: the single and the many form of one. Spending has keys of its own. */
export type KeyGroup = Extract<Command, { readonly keyed: Keyed }>['type'] | 'spend';

/** A caller as the ledger records it. What a key does in a user's place is the user's; entries name the key. */
export function toActor(caller: Caller): Actor {
  const name = actorOf(caller);
  const person = personOf(caller);
  return {
    name,
    holder: person === null ? name : `user:${person}`,
    member: person ?? caller.id,
    closesAny: person === null,
  };
}

/**
 * A key with its scope: each user apart, with the API keys it made; services and operators together.
 *
 * @param input  canonical: defaults filled in, absent as null, without the key
 * Source: docs/domain.md, Idempotency
 */
export function toKeyed(caller: Caller, group: KeyGroup, key: string, input: Keyed['input']): Keyed {
  const person = personOf(caller);
  const who = person === null ? 'server' : `user:${person}`;
  return { key, scope: `${group}|${who}`, input };
}

/**
 * Whom work is booked to: null for the caller. A user, and a key in a user's place, may name nobody else.
 *
 * @throws FORBIDDEN
 */
export function memberFor(caller: Caller, member: string | null): string | null {
  const person = personOf(caller);
  if (person === null || member === null) return member;
  if (member !== person) throw forbidden('Only a service or an operator may act on behalf of another member.');
  return null;
}
