import { type Caller, personOf } from '../../auth/caller.js';

/** Whose budgets and use of them a caller sees: those that name a member or everybody, or all. */
export type Sight = { readonly member: string } | 'all';

/**
 * A user sees what names them or everybody, unless they own the account; so does a key in a user's place.
 *
 * @param accountId  uuid, of an account that the caller sees
 * Source: docs/domain.md, Budgets
 */
export function sightOf(caller: Caller, accountId: string): Sight {
  const person = personOf(caller);
  if (person === null || caller.accounts === 'all' || caller.accounts.get(accountId) === 'owner') return 'all';
  return { member: person };
}
