/** The right to change budgets, levels, mails and keys of an account, which its owners have. */
const administers = 'keys:admin';

/** Whether one may change how the account is run, by what the server says of the viewer. */
export function mayAdminister({ viewerScopes }: { viewerScopes: readonly string[] }): boolean {
  return viewerScopes.includes(administers);
}

/** Whether one may buy for the account, change its plan and give back what it bought. */
export function mayBuy({ viewerScopes }: { viewerScopes: readonly string[] }): boolean {
  return viewerScopes.includes('credits:purchase');
}
