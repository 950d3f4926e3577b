import { type PaymentFact, PaymentsDown } from '../payment-provider.js';
import { NotFromStripe, type StripeEvents } from './stripe-events.js';

export interface TakeDeliveryDeps {
  readonly events: StripeEvents;
  /** Does what a fact means; resolves when that is durable. */
  readonly tell: (fact: PaymentFact) => Promise<unknown>;
  readonly onError: (error: unknown, what: string) => void;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/**
 * Takes one delivery of Stripe's.
 *
 * @param body  as it came, byte for byte
 * @returns `told`: what it says is done, or it says nothing about us; `refused`: Stripe did not send it; `later`: nothing is known or
 * could be written now, Stripe is to send it again
 */
export async function takeDelivery(
  { events, tell, onError, clock }: TakeDeliveryDeps,
  body: Buffer,
  signature: string,
): Promise<'told' | 'refused' | 'later'> {
  try {
    const fact = await events.read(await events.verify(body, signature, clock()));
    if (fact !== null) await tell(fact);
    return 'told';
  } catch (error) {
    if (error instanceof NotFromStripe) return 'refused';
    onError(error, error instanceof PaymentsDown ? 'payments' : 'a delivery of Stripe');
    return 'later';
  }
}
