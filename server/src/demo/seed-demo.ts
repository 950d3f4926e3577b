import type { AccountSource } from '../accounts/account-source.js';
import { readAccountId } from '../accounts/account-id.js';
import type { CreateAccountInput } from '../accounts/accounts.types.js';
import type { Caller } from '../auth/caller.js';
import { SCOPES } from '../auth/caller.js';
import type { DemoAccounts } from '../auth/demo-session.js';
import type { PlanCode } from '../catalog/catalog.js';

/** What the demo is made with: the same use cases that callers reach. */
export interface DemoSeedDeps {
  readonly accounts: Pick<AccountSource, 'create'>;
}

const STAFF: Caller = {
  kind: 'operator',
  id: 'demo-seed',
  name: 'Demo seed',
  scopes: new Set(SCOPES),
  accounts: 'all',
  sides: ['sandbox'],
  keyId: null,
  expiresAt: null,
};

/**
 * Makes the demo's three sandbox accounts, or finds them: every start, and every process, gets the same.
 *
 * @returns their uuids
 */
export async function seedDemo({ accounts }: DemoSeedDeps): Promise<DemoAccounts> {
  const open = async (plan: PlanCode, name: string): Promise<string> => {
    const input: CreateAccountInput = { externalId: `demo-${plan.toLowerCase()}`, name, plan, timeZone: 'UTC', sandbox: true };
    const { id } = await accounts.create(STAFF, input);
    return readAccountId(id, 'id');
  };
  return { free: await open('FREE', 'Free'), pro: await open('PRO', 'Pro'), enterprise: await open('ENTERPRISE', 'Enterprise') };
}
