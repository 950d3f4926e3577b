import { actorOf, personOf } from '../../auth/caller.js';
import type { Caller } from '../../auth/caller.js';
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
