import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits } from '../auth/rate-limits.js';
import { CHECKOUT_STYLE, checkoutPage, checkoutProblemPage } from '../billing/sandbox/checkout-page.js';
import { isCard } from '../billing/sandbox/sandbox-cards.js';
import { type Choice, isOutcome, OUTCOMES, type SandboxCheckout } from '../billing/sandbox/sandbox-checkout.js';
import type { SandboxOrder } from '../billing/sandbox/sandbox-order.js';
import { PublicError } from '../kit/errors.js';
import type { ClientAddress } from './client-address.js';

const BODY_BYTES_MAX = 4096;
const STYLE_HASH = `'sha256-${createHash('sha256').update(CHECKOUT_STYLE).digest('base64')}'`;

export interface CheckoutRoutesOptions {
  readonly checkout: Pick<SandboxCheckout, 'read' | 'choose'>;
  readonly limits: Pick<RateLimits, 'admitAnonymous'>;
  readonly addressOf: ClientAddress;
  /** Where an order's buyer goes when it is over: an address on an allowed origin. */
  readonly backUrlOf: (order: SandboxOrder) => string;
}

type CheckoutRequest = FastifyRequest<{ Params: { token: string } }>;

/**
 * `/checkout/<token>`: the page on which the buyer of a sandbox account pays, and the way for programs to have a payment end.
 *
 * GET shows it. POST takes `outcome` (form or JSON; also `card` and `save`) and answers when it has been fulfilled: browsers are led back
 * where they came from, programs get JSON. 404 for an address that nobody was given, 400 for no outcome that is known, 409 where it cannot
 * end so any more. Nobody signs in, and no cookie counts: whoever has the address may pay, so another page cannot make a browser do it
 * without knowing it. Source: docs/api.md, The sandbox's checkout
 */
export async function registerCheckoutRoutes(fastify: FastifyInstance, options: CheckoutRoutesOptions): Promise<void> {
  const { checkout, backUrlOf } = options;
  await fastify.register((scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: BODY_BYTES_MAX },
      (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    scope.addHook('onRequest', async (request, reply) => {
      try {
        const bytes = Number(request.headers['content-length'] ?? 0);
        await options.limits.admitAnonymous(options.addressOf(request.raw), Number.isFinite(bytes) ? bytes : 0);
      } catch (error) {
        if (!(error instanceof PublicError)) throw error;
        const after = Math.max(1, Math.ceil(Number(error.extensions['retryAfterMs'] ?? 1000) / 1000));
        return send(request, reply.header('retry-after', after), 429, 'Too many requests', 'Please try again shortly.');
      }
    });
    scope.get('/checkout/:token', async (request: CheckoutRequest, reply) => {
      const order = await checkout.read(request.params.token);
      if (order === null) return sendUnknown(request, reply);
      const backUrl = backUrlOf(order);
      return protect(reply, backUrl).type('text/html; charset=utf-8').send(checkoutPage(order, backUrl));
    });
    scope.post('/checkout/:token', { bodyLimit: BODY_BYTES_MAX }, async (request: CheckoutRequest, reply) => {
      const choice = readChoice(request.body);
      if (choice === null)
        return send(request, reply, 400, 'No such outcome', `outcome is one of ${OUTCOMES.join(', ')}.`);
      const answer = await checkout.choose(request.params.token, choice);
      if (answer.kind === 'unknown') return sendUnknown(request, reply);
      const { order } = answer;
      if (answer.kind === 'closed')
        return send(
          request,
          reply,
          409,
          'This has ended',
          `A checkout that is ${order.status} cannot end so any more.`,
        );
      if (!wantsPage(request)) return reply.send({ outcome: choice.outcome, status: order.status });
      return protect(reply, backUrlOf(order)).redirect(backUrlOf(order), 303);
    });
    return Promise.resolve();
  });
}

/** @returns null when it says no outcome that is known */
function readChoice(body: unknown): Choice | null {
  const { outcome, card = '4242', save, asked } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (!isOutcome(outcome) || typeof card !== 'string' || !isCard(card)) return null;
  // A page that asked says nothing for a box that was left empty; a program that says nothing agrees.
  const saves = save === undefined ? asked === undefined : save === true || save === 'true' || save === '1';
  return { outcome, card, saves };
}

function wantsPage(request: FastifyRequest): boolean {
  return (request.headers.accept ?? '').includes('text/html');
}

function sendUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(request, reply, 404, 'No such checkout', 'This address leads to no checkout.');
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  title: string,
  sentence: string,
): FastifyReply {
  if (!wantsPage(request)) return reply.code(status).send({ error: sentence });
  return protect(reply, null).code(status).type('text/html; charset=utf-8').send(checkoutProblemPage(title, sentence));
}

/** No scripts, no other origin's frames, and the address is told to nobody: who has it may pay. */
function protect(reply: FastifyReply, backUrl: string | null): FastifyReply {
  // A form's redirect leads back to the buyer's page, which browsers hold against `form-action` too.
  const back = backUrl === null ? '' : ` ${new URL(backUrl).origin}`;
  return reply
    .header(
      'content-security-policy',
      `default-src 'none'; style-src ${STYLE_HASH}; form-action 'self'${back}; base-uri 'none'; frame-ancestors 'none'`,
    )
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'DENY');
}
