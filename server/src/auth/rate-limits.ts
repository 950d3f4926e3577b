import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { rateLimited } from '../kit/errors.js';
import type { Caller } from './caller.js';

/** How much is let through before RATE_LIMITED. One process counts for itself. */
export interface RateLimitSettings {
  /** Operations a second of one service or operator, key or token. */
  readonly serviceOperationsPerSecond: number;
  /** Operations a second of one person. */
  readonly userOperationsPerSecond: number;
  /** Operations a second on one account, whoever asks. */
  readonly accountOperationsPerSecond: number;
  /** Purchases a minute for one account, repetitions too. */
  readonly purchasesPerMinute: number;
  /** Refused credentials a minute from one address. */
  readonly failedLoginsPerMinute: number;
  /** Requests without a credential a minute from one address; a larger one counts once for each kB. */
  readonly anonymousPerMinute: number;
}

/** High enough that no integrator's burst is taken for an attack. Source: docs/api.md, Limits */
export const DEFAULT_RATE_LIMITS: RateLimitSettings = {
  serviceOperationsPerSecond: 10_000,
  userOperationsPerSecond: 1_000,
  accountOperationsPerSecond: 10_000,
  purchasesPerMinute: 60,
  failedLoginsPerMinute: 20,
  anonymousPerMinute: 600,
};

/** What is counted and may be refused with RATE_LIMITED. */
export const LIMITS = [
  'service_operations',
  'user_operations',
  'account_operations',
  'account_purchases',
  'failed_logins',
  'anonymous',
  'anonymous_in_all',
] as const;
export type Limit = (typeof LIMITS)[number];

/** Addresses that are remembered at once; of more the ones counted longest ago are forgotten. A key takes about 600 bytes. */
const ADDRESSES_MAX = 20_000;
/** Strangers of so many addresses may use up their share at once. */
const ANONYMOUS_ADDRESSES = 20;
const ANONYMOUS_BYTES = 1024;

/**
 * Counts in memory, per caller, account and address; each method resolves when the request may go on.
 *
 * An operation is one point: a request that carries several (`reserveMany`) counts each. About 0.3 µs a bucket.
 *
 * @throws (rejects with) RATE_LIMITED and the milliseconds to wait
 */
export class RateLimits {
  readonly #services: RateLimiterMemory;
  readonly #users: RateLimiterMemory;
  readonly #accounts: RateLimiterMemory;
  readonly #purchases: RateLimiterMemory;
  readonly #failedLogins: RateLimiterMemory;
  readonly #anonymous: RateLimiterMemory;
  readonly #anonymousInAll: RateLimiterMemory;
  readonly #failing: LRUCache<string, true>;
  readonly #strangers: LRUCache<string, true>;

  /** @param onLimited  told of each refusal, and whom it met: a caller, an account or an address */
  constructor(
    settings: RateLimitSettings = DEFAULT_RATE_LIMITS,
    private readonly onLimited: (limit: Limit, whom: string) => void = () => undefined,
  ) {
    this.#services = new RateLimiterMemory({ points: settings.serviceOperationsPerSecond, duration: 1 });
    this.#users = new RateLimiterMemory({ points: settings.userOperationsPerSecond, duration: 1 });
    this.#accounts = new RateLimiterMemory({ points: settings.accountOperationsPerSecond, duration: 1 });
    this.#purchases = new RateLimiterMemory({ points: settings.purchasesPerMinute, duration: 60 });
    this.#failedLogins = new RateLimiterMemory({ points: settings.failedLoginsPerMinute, duration: 60 });
    const anonymous = settings.anonymousPerMinute;
    this.#anonymous = new RateLimiterMemory({ points: anonymous, duration: 60 });
    this.#anonymousInAll = new RateLimiterMemory({ points: anonymous * ANONYMOUS_ADDRESSES, duration: 60 });
    this.#failing = addressesOf(this.#failedLogins);
    this.#strangers = addressesOf(this.#anonymous);
  }

  /** Once a request of somebody who has signed in. What carries no operation, such as `{ __typename }`, counts as one. */
  admitRequest(caller: Caller, operations = 1): Promise<void> {
    const whom = `${caller.kind}:${caller.id}`;
    const points = Math.max(1, operations);
    return caller.kind === 'user'
      ? this.#admit('user_operations', this.#users, whom, points)
      : this.#admit('service_operations', this.#services, whom, points);
  }

  /**
   * Once a request without a credential, before anything of it is parsed, by the address and for all addresses together.
   *
   * @param bytes  how long it is
   */
  async admitAnonymous(address: string, bytes: number): Promise<void> {
    const points = Math.max(1, Math.ceil(bytes / ANONYMOUS_BYTES));
    this.#strangers.set(address, true);
    await this.#admit('anonymous', this.#anonymous, address, points);
    await this.#admit('anonymous_in_all', this.#anonymousInAll, '', points);
  }

  /** Once for each account that a request acts on. */
  admitAccount(accountId: string, operations = 1): Promise<void> {
    return this.#admit('account_operations', this.#accounts, accountId, operations);
  }

  /** Once for each purchase that is asked for. */
  admitPurchase(accountId: string): Promise<void> {
    return this.#admit('account_purchases', this.#purchases, accountId, 1);
  }

  /** Once before a credential is looked up in the database: an address that has had too many refused is told to wait instead. */
  async admitLookUp(address: string): Promise<void> {
    const counted = await this.#failedLogins.get(address);
    if (counted === null || counted.consumedPoints < this.#failedLogins.points) return;
    this.onLimited('failed_logins', address);
    throw rateLimited(counted.msBeforeNext);
  }

  /**
   * Counts a credential that was refused: too many, and the address is told RATE_LIMITED instead.
   *
   * Tokens, and keys that this process has looked up, keep working from the same address. A valid key that it has not seen yet does
   * not until the minute is over, as it cannot be told from a guess without a look-up. Source: docs/operations.md, Shared addresses
   */
  countFailedLogin(address: string): Promise<void> {
    this.#failing.set(address, true);
    return this.#admit('failed_logins', this.#failedLogins, address, 1);
  }

  async #admit(limit: Limit, limiter: RateLimiterMemory, whom: string, points: number): Promise<void> {
    try {
      await limiter.consume(whom, points);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.onLimited(limit, whom);
      throw rateLimited(refusal.msBeforeNext);
    }
  }
}

/** Addresses that a limiter counts, so that it forgets the oldest of too many: callers choose from 2^64 networks. */
function addressesOf(limiter: RateLimiterMemory): LRUCache<string, true> {
  return new LRUCache({ max: ADDRESSES_MAX, dispose: (_, address) => void limiter.delete(address) });
}
