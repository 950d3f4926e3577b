import type { Logger } from 'pino';
import type { ProcessMetrics } from './api/process-metrics.js';
import type { Limit } from './auth/rate-limits.js';
import type { Refusal } from './auth/refused-sign-in.js';
import { Seldom } from './kit/seldom.js';

/**
 * Events that only whoever runs the server can do something about: each is counted, and the log gets a line now and then.
 *
 * Each kind is logged at once and then at most every 10 s, with `untold`: how many there were since the line before.
 * Source: docs/operations.md, The log; Metrics
 */
export class Notices {
  readonly #seldom = new Seldom();

  constructor(
    private readonly logger: Logger,
    private readonly metrics: ProcessMetrics,
  ) {}

  /** Something failed that no request waited for. */
  failed(error: unknown, what = 'background'): void {
    this.metrics.failed();
    const untold = this.#seldom.admit(`failed ${what}`);
    if (untold !== null) this.logger.error({ err: error, what, untold }, 'failed');
  }

  signInRefused(reason: Refusal): void {
    this.metrics.signInRefused(reason);
    const untold = this.#seldom.admit(`refused ${reason}`);
    if (untold !== null) this.logger.warn({ reason, untold }, 'sign-in refused');
  }

  /** @param whom  the address, caller or account that had too much */
  limited(limit: Limit, whom: string): void {
    this.metrics.limited(limit);
    const untold = this.#seldom.admit(`limited ${limit}`);
    if (untold !== null) this.logger.warn({ limit, whom, untold }, 'rate limited');
  }

  keySetFailed(error: unknown): void {
    this.metrics.keySetFailed();
    const untold = this.#seldom.admit('keys');
    if (untold !== null)
      this.logger.error(
        { err: error, untold },
        'the keys of AUTH_JWKS_URL or OIDC_ISSUER cannot be had: tokens are answered UNAVAILABLE',
      );
  }

  /** The provider of OIDC_ISSUER says where one signs in, for the first time or again. */
  providerFound(issuer: string): void {
    this.logger.info({ issuer }, 'the provider of OIDC_ISSUER is found: people can sign in');
  }

  providerFailed(issuer: string, error: unknown): void {
    const untold = this.#seldom.admit('provider');
    if (untold !== null)
      this.logger.error(
        { err: error, issuer, untold },
        'the provider of OIDC_ISSUER does not say where one signs in: it is asked again, and until then only API keys are let in',
      );
  }

  /** Other processes are heard, at the start or again. */
  heard(reconnects: number): void {
    if (reconnects === 0 || this.#seldom.admit('heard') === null) return;
    this.logger.info({ reconnects }, 'other processes are heard again');
  }
}
