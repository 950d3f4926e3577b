import { parseId, parseOwnedId, parseReservationId } from '@aibc/shared/ids';
import type { Caller } from '../auth/caller.js';
import type { RateLimits } from '../auth/rate-limits.js';
import type { ReadyRequest } from './engine/request.js';
import { readArguments } from './engine/read-arguments.js';

/**
 * Counts an operation against its caller and against each account it names.
 *
 * Only accounts that the caller may see are counted, so that nobody uses up somebody else's.
 *
 * @throws RATE_LIMITED
 * Source: docs/api.md, Limits
 */
export async function admitRequest(limits: RateLimits, caller: Caller | null, ready: ReadyRequest): Promise<void> {
  // A request without a credential was counted by its address before it was parsed.
  if (caller === null) return;
  await limits.admitRequest(caller, ready.demand.operations);
  const operations = new Map<string, number>();
  for (const selection of ready.recipe.root) {
    if (selection.kind === 'typename') continue;
    for (const accountId of accountsIn(argumentsOf(selection, ready.variables), 2)) {
      if (caller.accounts !== 'all' && !caller.accounts.has(accountId)) continue;
      operations.set(accountId, (operations.get(accountId) ?? 0) + 1);
    }
  }
  for (const [accountId, count] of operations) await limits.admitAccount(accountId, count);
}

type RootField = Extract<ReadyRequest['recipe']['root'][number], { kind: 'field' }>;

function argumentsOf(field: RootField, variables: ReadyRequest['variables']): Record<string, unknown> {
  try {
    return readArguments(field, variables);
  } catch {
    // The field fails for the same reason when it is executed.
    return {};
  }
}

/** uuids of the accounts that arguments name, by themselves or inside a reservation's or purchase's id, one for each input. */
function accountsIn(value: unknown, depth: number): string[] {
  if (Array.isArray(value)) return depth === 0 ? [] : value.flatMap((item) => accountsIn(item, depth));
  if (typeof value !== 'object' || value === null) return [];
  const { accountId, reservationId, purchaseId, id } = value as Record<string, unknown>;
  for (const named of [accountId, reservationId, purchaseId, id]) {
    if (typeof named !== 'string') continue;
    const account = parseId('acct', named) ?? (parseReservationId(named) ?? parseOwnedId('pur', named))?.accountId;
    if (account !== undefined) return [account];
  }
  return depth === 0
    ? []
    : Object.values(value).flatMap((inner) => (typeof inner === 'object' ? accountsIn(inner, depth - 1) : []));
}
