import type Stripe from 'stripe';
import type { CheckoutOrder, Order, PaymentFact } from '../payment-provider.js';
import { expanded, idOf, methodOf, toSeconds } from './stripe-facts.js';
import { metadataOf } from './stripe-orders.js';

const SETUP_CURRENCY = 'usd';

/** The page on which an order is paid: a payment, the first payment of a subscription, or a method to be saved. */
export function checkoutOf(
  order: CheckoutOrder,
  customer: string,
  endsAt: number,
): Stripe.Checkout.SessionCreateParams {
  const metadata = metadataOf(order, 'checkout');
  const common: Stripe.Checkout.SessionCreateParams = {
    client_reference_id: order.orderId,
    customer,
    metadata,
    success_url: order.returnUrl,
    cancel_url: order.returnUrl,
    expires_at: toSeconds(endsAt),
  };
  if (order.price === null)
    return {
      ...common,
      mode: 'setup',
      // Stripe chooses what to offer by it; nothing is charged.
      currency: SETUP_CURRENCY,
      allowed_payment_method_types: ['card'],
      setup_intent_data: { metadata },
    };
  const product: Stripe.Checkout.SessionCreateParams.LineItem = {
    quantity: 1,
    price_data: {
      currency: order.price.currency.toLowerCase(),
      unit_amount: order.price.amountMinor,
      product_data: { name: order.title },
      ...(order.subscribes === null ? {} : { recurring: { interval: 'month' as const } }),
    },
  };
  const buyer: Stripe.Checkout.SessionCreateParams = {
    ...common,
    line_items: [product],
    billing_address_collection: 'auto',
    tax_id_collection: { enabled: true },
    customer_update: { address: 'auto', name: 'auto' },
  };
  if (order.subscribes !== null)
    return { ...buyer, mode: 'subscription', allowed_payment_method_types: ['card'], subscription_data: { metadata } };
  return {
    ...buyer,
    mode: 'payment',
    invoice_creation: { enabled: true, invoice_data: { metadata } },
    payment_intent_data: { metadata, ...(order.savesMethod ? { setup_future_usage: 'off_session' as const } : {}) },
    // Only a card can be charged later without the buyer, whatever the account's settings offer.
    ...(order.savesMethod ? { allowed_payment_method_types: ['card'] } : {}),
  };
}

/** A method that a checkout saved without a payment. */
export function methodSaved(order: Order, session: Stripe.Checkout.Session): PaymentFact {
  const customerRef = idOf(session.customer);
  const method = methodOf(expanded(expanded(session.setup_intent)?.payment_method));
  if (customerRef === null || method === null) return { ...order, is: 'open' };
  return { ...order, is: 'methodSaved', customerRef, method };
}

/** The payment of a checkout: its own, or that of its first invoice. */
export function paymentOf(session: Stripe.Checkout.Session): string | null {
  const own = idOf(session.payment_intent);
  if (own !== null) return own;
  const payments = expanded(session.invoice)?.payments?.data ?? [];
  return payments.map(({ payment }) => idOf(payment.payment_intent)).find((id) => id !== null) ?? null;
}
