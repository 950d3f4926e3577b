import type { Role } from './caller.js';

const RANK: Readonly<Record<Role, number>> = { viewer: 0, member: 1, owner: 2 };

/** What a verified token said of a member. */
export interface Heard {
  readonly maker: string;
  readonly accounts: ReadonlyMap<string, Role>;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** A token that does not say when it was issued may be an old one: it takes rights away and gives none back. */
  readonly isDated: boolean;
}

/** A key that a user made, as it is stored. */
export interface MadeKey {
  readonly key_id: string;
  readonly name: string;
  readonly account_id: string;
  readonly maker: string;
  readonly maker_role: Role;
  readonly maker_seen_at: Date;
}

/** What tokens, oldest first, make of keys: those that end, and by the token of which time, and those that change. */
export function learnAll(
  keys: readonly MadeKey[],
  heard: readonly Heard[],
): { readonly ended: ReadonlyMap<string, Date>; readonly changed: readonly MadeKey[] } {
  const ended = new Map<string, Date>();
  const changed: MadeKey[] = [];
  const ofMaker = new Map<string, Heard[]>();
  for (const one of heard) {
    const others = ofMaker.get(one.maker);
    if (others === undefined) ofMaker.set(one.maker, [one]);
    else others.push(one);
  }
  for (const key of keys) {
    let now = key;
    for (const one of ofMaker.get(key.maker) ?? []) {
      const next = learn(now, one);
      if (next === 'ended') {
        ended.set(key.key_id, new Date(one.issuedAt));
        break;
      }
      now = next;
    }
    if (now !== key && !ended.has(key.key_id)) changed.push(now);
  }
  return { ended, changed };
}

/** What a token makes of a key. Of two of the same second the one that says less counts. */
function learn(key: MadeKey, { accounts, issuedAt, isDated }: Heard): MadeKey | 'ended' {
  const seenAt = key.maker_seen_at.getTime();
  if (issuedAt < seenAt) return key;
  const role = accounts.get(key.account_id);
  if (role === undefined) return 'ended';
  const isMore = RANK[role] > RANK[key.maker_role];
  if (isMore && (!isDated || issuedAt === seenAt)) return key;
  if (issuedAt === seenAt && role === key.maker_role) return key;
  return { ...key, maker_role: role, maker_seen_at: new Date(issuedAt) };
}
