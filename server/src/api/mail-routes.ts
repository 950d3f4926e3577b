import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits } from '../auth/rate-limits.js';
import { PublicError } from '../kit/errors.js';
import { keptMailsPage, MAIL_PAGE_STYLE, mailPage } from '../mail/mail-pages.js';
import type { Mails } from '../mail/mails.js';
import type { ClientAddress } from './client-address.js';

const BODY_BYTES_MAX = 4096;
const HTML = 'text/html; charset=utf-8';
const STYLE_HASH = `'sha256-${createHash('sha256').update(MAIL_PAGE_STYLE).digest('base64')}'`;
const PAGE_POLICY = `default-src 'none'; style-src ${STYLE_HASH}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
/** A mail has its styles at its elements. It loads nothing and runs nothing. */
const MAIL_POLICY = `default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'`;

export interface MailRoutesOptions {
  readonly mails: Pick<Mails, 'confirm' | 'readStop' | 'stop' | 'listKept' | 'findKept'>;
  readonly limits: Pick<RateLimits, 'admitAnonymous'>;
  readonly addressOf: ClientAddress;
  /** Whether the mails that are kept may be seen: in a demo. */
  readonly showsKept: boolean;
}

type LinkRequest = FastifyRequest<{ Params: { token: string } }>;
type KeptRequest = FastifyRequest<{ Params: { accountId: string; id: string } }>;

/**
 * Where the links in mails lead: `/mail/confirm/<token>`, `/mail/unsubscribe/<token>`; and `/demo/mail` with the mails of a demo.
 *
 * Nobody signs in, and no cookie counts: whoever has the mail may. GET of an unsubscribe link only asks, since programs that check mails
 * follow links; POST does it, without a question, as mail programs do for their readers (RFC 8058). 404 for links that do not work.
 * Source: docs/api.md, E-mail
 */
export async function registerMailRoutes(fastify: FastifyInstance, options: MailRoutesOptions): Promise<void> {
  const { mails } = options;
  await fastify.register((scope) => {
    // What a mail program sends says nothing that the address does not.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_BYTES_MAX }, (_request, _body, done) =>
      done(null, null),
    );
    scope.addHook('onRequest', (request, reply) => admit(options, request, reply));
    scope.get('/mail/confirm/:token', { exposeHeadRoute: false }, async (request: LinkRequest, reply) => {
      const said = await mails.confirm(request.params.token);
      return said === null ? sendUnknown(reply) : send(reply, 200, 'Your address is confirmed', said);
    });
    scope.get('/mail/unsubscribe/:token', async (request: LinkRequest, reply) => {
      const kind = await mails.readStop(request.params.token);
      if (kind === null) return sendUnknown(reply);
      return send(reply, 200, 'Stop these mails?', `No more mails about ${kind} will be sent to you.`, 'Stop them');
    });
    scope.post('/mail/unsubscribe/:token', { bodyLimit: BODY_BYTES_MAX }, async (request: LinkRequest, reply) => {
      const kind = await mails.stop(request.params.token);
      if (kind === null) return sendUnknown(reply);
      return send(reply, 200, 'They are stopped', `No more mails about ${kind} will be sent to you.`);
    });
    if (options.showsKept) registerKept(scope, mails);
    return Promise.resolve();
  });
}

function registerKept(scope: FastifyInstance, mails: MailRoutesOptions['mails']): void {
  scope.get('/demo/mail', async (_request, reply) =>
    protect(reply, PAGE_POLICY).send(keptMailsPage(await mails.listKept())),
  );
  scope.get('/demo/mail/:accountId/:id', async (request: KeptRequest, reply) => {
    const mail = await mails.findKept(request.params.accountId, request.params.id);
    return mail === null ? sendUnknown(reply) : protect(reply, MAIL_POLICY).send(mail.html);
  });
  scope.get('/demo/mail/:accountId/:id/text', async (request: KeptRequest, reply) => {
    const mail = await mails.findKept(request.params.accountId, request.params.id);
    return mail === null ? sendUnknown(reply) : reply.type('text/plain; charset=utf-8').send(mail.plain);
  });
}

async function admit(options: MailRoutesOptions, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  try {
    const bytes = Number(request.headers['content-length'] ?? 0);
    await options.limits.admitAnonymous(options.addressOf(request.raw), Number.isFinite(bytes) ? bytes : 0);
    return undefined;
  } catch (error) {
    if (!(error instanceof PublicError)) throw error;
    const after = Math.max(1, Math.ceil(Number(error.extensions['retryAfterMs'] ?? 1000) / 1000));
    return send(reply.header('retry-after', after), 429, 'Too many requests', 'Please try again shortly.');
  }
}

function sendUnknown(reply: FastifyReply): FastifyReply {
  const sentence = 'It is too old, or belongs to an address that was replaced. Newer mails have links that work.';
  return send(reply, 404, 'This link does not work', sentence);
}

function send(
  reply: FastifyReply,
  status: number,
  title: string,
  sentence: string,
  button: string | null = null,
): FastifyReply {
  return protect(reply, PAGE_POLICY)
    .code(status)
    .send(mailPage(title, sentence, button));
}

/** No scripts, no other origin's frames, and the address is told to nobody: who has it may use it. */
function protect(reply: FastifyReply, policy: string): FastifyReply {
  return reply
    .type(HTML)
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .header('x-frame-options', 'SAMEORIGIN');
}
