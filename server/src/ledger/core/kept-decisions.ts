import type { KeptDecision } from './idempotency.js';

interface Place {
  readonly accountId: string;
  readonly scope: string;
  readonly decision: KeptDecision;
}

/** Decisions by the key, account and scope under which they were kept. */
export class KeptDecisions {
  private readonly byKey = new Map<string, Place[]>();

  add(accountId: string, scope: string, key: string, decision: KeptDecision): void {
    const places = this.byKey.get(key);
    if (places) places.push({ accountId, scope, decision });
    else this.byKey.set(key, [{ accountId, scope, decision }]);
  }

  find(accountId: string, scope: string, key: string): KeptDecision | null {
    if (this.byKey.size === 0) return null;
    const places = this.byKey.get(key);
    return places?.find((place) => place.accountId === accountId && place.scope === scope)?.decision ?? null;
  }
}
