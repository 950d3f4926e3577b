import type { FastifyInstance } from 'fastify';

export const STRIPE_PATH = '/webhooks/stripe';

/** Stripe's events are some kilobytes; the largest hold an invoice with all its lines. */
const BODY_BYTES_MAX = 1_000_000;

/**
 * Takes a delivery: `told`, it is fulfilled or says nothing about us; `refused`, Stripe did not send it; `later`, it could not be
 * fulfilled now and is to be sent again.
 */
export type TakeDelivery = (body: Buffer, signature: string) => Promise<'told' | 'refused' | 'later'>;

/**
 * `POST /webhooks/stripe`: the body is read as it came, since the signature is over its bytes. Answers 200 when what it says is
 * written, 400 when it is not Stripe's, 503 when Stripe is to send it again. Stripe repeats it for three days.
 */
export async function registerStripeRoute(fastify: FastifyInstance, take: TakeDelivery): Promise<void> {
  await fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.post(STRIPE_PATH, async (request, reply) => {
      const signature = request.headers['stripe-signature'];
      if (typeof signature !== 'string' || !Buffer.isBuffer(request.body))
        return reply.code(400).send({ error: 'This is not a delivery of Stripe.' });
      switch (await take(request.body, signature)) {
        case 'told':
          return { received: true };
        case 'refused':
          return reply.code(400).send({ error: 'The signature of this delivery does not hold.' });
        case 'later':
          return reply.code(503).header('retry-after', '5').send({ error: 'Not now: send it again.' });
      }
    });
    done();
  });
}
