import { SYSTEM } from '../ledger/core/system.js';

/** Billing itself, as an actor: it does what a provider says. */
export const BILLING = { name: SYSTEM, member: SYSTEM, closesAny: true } as const;
