import { t } from '@lingui/core/macro';

/** What a key can be given, in the order of how much it lets one do. */
const known = ['credits:read', 'events:read', 'credits:reserve', 'credits:purchase', 'keys:admin'] as const;

/** What somebody with these rights can give to a key. */
export function grantable(scopes: readonly string[]): string[] {
  return known.filter((scope) => scopes.includes(scope));
}

/** What a right lets one do, in plain words; one that this page does not know by its name alone. */
export function scopeWords(scope: string): string {
  switch (scope) {
    case 'credits:read':
      return t`Read balances, prices and usage`;
    case 'events:read':
      return t`Follow what happens`;
    case 'credits:reserve':
      return t`Hold and use credits`;
    case 'credits:purchase':
      return t`Buy, refund and change the plan`;
    case 'keys:admin':
      return t`Change budgets, levels, mails and keys`;
    default:
      return '';
  }
}
