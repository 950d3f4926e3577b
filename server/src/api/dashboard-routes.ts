import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import helmet from '@fastify/helmet';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { compressAnswer } from './compress-answer.js';
import { placePage } from './base-path.js';
import { inlineOf } from './inline-hashes.js';
import type { Inline } from './inline-hashes.js';
import { pageHosts } from './page-hosts.js';
import { named } from './named-plugin.js';

const HEAD_MARK = '<!--stamp:head-->';
const BALANCE_MARK = '<!--stamp:balance-->';
const YEAR_SECONDS = 31_536_000;
const NOT_BUILT = 'The dashboard is not built yet: npm run build makes it. The API is at /graphql.\n';

/** What is written into the page: the balance as GraphQL answers it, and whatever else the page begins with. */
export interface Stamp {
  readonly available: number;
  readonly [field: string]: unknown;
}

export interface DashboardOptions {
  /** Where the built dashboard lies. */
  readonly directory: string;
  /** Where browsers reach it; null: as they addressed it. */
  readonly publicUrl: string | null;
  /** The balance to begin with; null when nobody is signed in or it cannot be read. */
  readonly readStamp: (request: FastifyRequest) => Promise<Stamp | null>;
  /** The path below which browsers reach this server; empty for the root. */
  readonly basePath: string;
  /** Where the page fetches its tokens: the origin, null while it is not known; absent or null: it fetches none. */
  readonly tokenOrigin?: (() => string | null) | null;
}

/**
 * The dashboard: files as they were built, and for every other address that a browser opens the page itself, with the balance
 * already in it. Scripts and styles come from this server alone; those within the page are allowed by their hashes.
 */
export async function registerDashboard(
  fastify: FastifyInstance,
  { directory, publicUrl, readStamp, basePath, tokenOrigin = null }: DashboardOptions,
): Promise<void> {
  const tokenSources = tokenOrigin === null ? [] : [() => tokenOrigin() ?? "'self'"];
  const dashboard = named('dashboard', async (scope: FastifyInstance) => {
    const policyOf = ({ scripts, styles }: Inline) => ({
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'", ...scripts],
        styleSrc: ["'self'", ...styles],
        connectSrc: ["'self'", pageHosts(publicUrl), ...tokenSources],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    });
    await scope.register(helmet, {
      contentSecurityPolicy: policyOf({ scripts: [], styles: [] }),
      strictTransportSecurity: false,
    });
    const page = (): string | null => {
      const file = join(directory, 'index.html');
      return existsSync(file) ? placePage(readFileSync(file, 'utf8'), basePath) : null;
    };
    const sendPage = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
      const html = page();
      if (html === null) return reply.code(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
      // The hashes are taken before the balance is written into the page, so that no value from the database can ever run as a script.
      reply.helmet({ contentSecurityPolicy: policyOf(inlineOf(html)) });
      const stamp = await readStamp(request);
      const shown = stamp === null ? html : stampPage(html, stamp, request.headers['accept-language']);
      void reply.header('cache-control', 'no-store').type('text/html; charset=utf-8');
      return reply.send(await compressAnswer(shown, request, reply));
    };

    scope.get('/', sendPage);
    scope.get('/index.html', sendPage);
    if (existsSync(directory)) {
      await scope.register(fastifyStatic, {
        root: directory,
        index: false,
        wildcard: true,
        cacheControl: false,
        // The build lays a .br and a .gz beside each script and style.
        preCompressed: true,
      });
      // Not in `setHeaders`: the reply's own headers would replace it.
      scope.addHook('onSend', async (request, reply) => {
        const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
        if (reply.statusCode < 400 && request.url.startsWith('/assets/') && !isPage)
          void reply
            .header('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`)
            .header('vary', 'accept-encoding, origin');
      });
    }
    scope.setNotFoundHandler((request, reply) => {
      const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
      if (wantsPage) return sendPage(request, reply);
      return reply.code(404).send({ error: 'There is nothing at this address.' });
    });
  });
  await fastify.register(dashboard);
}

/** The page with the balance in it: as JSON in the head, and as the number wherever it is shown. */
export function stampPage(html: string, stamp: Stamp, acceptLanguage: string | undefined): string {
  const json = JSON.stringify(stamp)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
  const number = new Intl.NumberFormat(localeOf(acceptLanguage), {
    numberingSystem: 'latn',
    maximumFractionDigits: 0,
  }).format(stamp.available);
  return html
    .replaceAll(HEAD_MARK, () => `<script type="application/json" id="stamped-balance">${json}</script>`)
    .replaceAll(BALANCE_MARK, () => number);
}

/** The first of the browser's languages that numbers can be written in, as the page itself chooses; English without one. */
function localeOf(acceptLanguage: string | undefined): string {
  for (const entry of acceptLanguage?.split(',') ?? []) {
    try {
      const [known] = Intl.NumberFormat.supportedLocalesOf(entry.split(';')[0]?.trim() ?? '');
      if (known !== undefined) return known;
    } catch {
      // Not the name of a language.
    }
  }
  return 'en';
}
