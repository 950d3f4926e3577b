import { actorOf } from '../auth/caller.js';
import type { Caller } from '../auth/caller.js';
import type { Actor, Keyed } from './command.js';

/** Mutations that share their keys: the single and the many form of one. */
export type KeyGroup = 'reserve' | 'commit' | 'release' | 'extend' | 'spend' | 'grant';

/** A caller as the ledger records it. */
export function toActor(caller: Caller): Actor {
  return { name: actorOf(caller), member: caller.id, closesAny: caller.kind !== 'user' };
}

/**
 * A key with its scope: each user apart, services and operators together.
 *
 * @param input  canonical: defaults filled in, absent as null, without the key
 * Source: docs/domain.md, Idempotency
 */
export function toKeyed(caller: Caller, group: KeyGroup, key: string, input: Keyed['input']): Keyed {
  const who = caller.kind === 'user' ? `user:${caller.id}` : 'server';
  return { key, scope: `${group}|${who}`, input };
}
