import Stripe from 'stripe';
import { PaymentsDown } from '../payment-provider.js';

/** What cannot be done to an object any more, since it has gone on meanwhile. Whoever asked looks at it again. */
export function ignoreInvalid(error: unknown): void {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
}

/** @throws PaymentsDown for every error of Stripe's: what is not a buyer's is ours or Stripe's, and nothing is known then */
export async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError)
      throw new PaymentsDown(`Stripe: ${error.type} ${error.code ?? ''}`.trimEnd(), { cause: error });
    throw error;
  }
}
