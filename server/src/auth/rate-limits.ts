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
  /** Refused credentials a minute from one address. */
  readonly failedLoginsPerMinute: number;
  /** Requests without a credential a minute from one address. */
  readonly anonymousRequestsPerMinute: number;
}

/** High enough that no integrator's burst is taken for an attack. Source: docs/api.md, Limits */
export const DEFAULT_RATE_LIMITS: RateLimitSettings = {
  serviceOperationsPerSecond: 10_000,
  userOperationsPerSecond: 1_000,
  accountOperationsPerSecond: 10_000,
  failedLoginsPerMinute: 20,
  anonymousRequestsPerMinute: 300,
};

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
  readonly #failedLogins: RateLimiterMemory;
  readonly #anonymous: RateLimiterMemory;

  constructor(settings: RateLimitSettings = DEFAULT_RATE_LIMITS) {
    this.#services = new RateLimiterMemory({ points: settings.serviceOperationsPerSecond, duration: 1 });
    this.#users = new RateLimiterMemory({ points: settings.userOperationsPerSecond, duration: 1 });
    this.#accounts = new RateLimiterMemory({ points: settings.accountOperationsPerSecond, duration: 1 });
    this.#failedLogins = new RateLimiterMemory({ points: settings.failedLoginsPerMinute, duration: 60 });
    this.#anonymous = new RateLimiterMemory({ points: settings.anonymousRequestsPerMinute, duration: 60 });
  }

  /** Once a request: by the caller, or without one by the address. */
  admitRequest(caller: Caller | null, address: string, operations = 1): Promise<void> {
    if (caller === null) return admit(this.#anonymous, address, operations);
    return admit(caller.kind === 'user' ? this.#users : this.#services, `${caller.kind}:${caller.id}`, operations);
  }

  /** Once for each account that a request acts on. */
  admitAccount(accountId: string, operations = 1): Promise<void> {
    return admit(this.#accounts, accountId, operations);
  }

  /** Once before a credential is looked up in the database: an address that has had too many refused is told to wait instead. */
  async admitLookUp(address: string): Promise<void> {
    const counted = await this.#failedLogins.get(address);
    if (counted !== null && counted.consumedPoints >= this.#failedLogins.points)
      throw rateLimited(counted.msBeforeNext);
  }

  /**
   * Counts a credential that was refused: too many, and the address is told RATE_LIMITED instead.
   *
   * Valid credentials from the same address keep working, since many callers may share a proxy's address.
   */
  countFailedLogin(address: string): Promise<void> {
    return admit(this.#failedLogins, address, 1);
  }
}

async function admit(limiter: RateLimiterMemory, key: string, points: number): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw rateLimited(refusal.msBeforeNext);
    throw refusal;
  }
}
