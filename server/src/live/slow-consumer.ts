import { PublicError } from '../kit/errors.js';

/**
 * A reader took nothing for so long that its events no longer fit its queue: the subscription ends, and the reader resumes with
 * `after` set to the last event it has. Code UNAVAILABLE with `extensions.reason` SLOW_CONSUMER; nothing is lost.
 * Source: docs/api.md, The WebSocket
 */
export class SlowConsumer extends PublicError {
  constructor(resume = 'Subscribe again after the last event you have: none is lost.') {
    super('UNAVAILABLE', `You read too slowly, so that this subscription was ended. ${resume}`, { retryAfterMs: 0 });
    this.extensions['reason'] = 'SLOW_CONSUMER';
  }
}
