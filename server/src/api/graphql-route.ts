import { HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Caller } from '../auth/caller.js';
import type { Authenticate } from '../auth/verify-token.js';
import { PublicError, badUserInput } from '../kit/errors.js';
import { JSON_DEPTH_MAX, exactJson } from '../kit/json-text.js';
import type { Doors } from './answer-request.js';
import { refuse } from './answer-request.js';
import { startApolloServer } from './apollo-server.js';
import type { ClientAddress } from './client-address.js';
import { compressAnswer } from './compress-answer.js';
import { named } from './named-plugin.js';

export const GRAPHQL_PATH = '/graphql';

/** Source: docs/api.md, Limits */
const BODY_BYTES_MAX = 256_000;
const ANONYMOUS_BODY_BYTES_MAX = 100_000;

/** The headers that Apollo Server looks at; it is given no others. */
const HEADERS_READ = ['accept', 'content-type', 'x-apollo-operation-name', 'apollo-require-preflight'] as const;

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
    /** Whether it has been counted as one without a credential. */
    isCounted: boolean;
  }
}

export interface GraphQLRouteOptions {
  readonly doors: Doors;
  readonly authenticate: Authenticate;
  readonly addressOf: ClientAddress;
}

/**
 * `POST /graphql` (and `GET` for queries): GraphQL over HTTP.
 *
 * The credential is verified before the body is read. Every answer is JSON in GraphQL's shape: bodies that are too large (413),
 * not JSON (400) or not sent as JSON included.
 */
export async function registerGraphQLRoute(fastify: FastifyInstance, options: GraphQLRouteOptions): Promise<void> {
  const { doors, addressOf } = options;
  const apollo = await startApolloServer(doors);
  const route = named('graphql', (scope: FastifyInstance, _options: object, done: () => void) => {
    scope.decorateRequest('caller', null);
    scope.decorateRequest('isCounted', false);
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, parsed) => {
      const text = body as string;
      const read = (): void => {
        try {
          parsed(null, readJson(text));
        } catch (error) {
          parsed(error instanceof PublicError ? error : badRequest('The body is not valid JSON.', 400));
        }
      };
      if (request.caller !== null) return read();
      admitStranger(options, request, text).then(read, parsed);
    });
    // Any other type is read, within the limits, and left to Apollo Server to refuse.
    scope.addContentTypeParser('*', { parseAs: 'string' }, (request, body, parsed) => {
      const read = (): void => parsed(null, undefined);
      if (request.caller !== null) return read();
      admitStranger(options, request, body as string).then(read, parsed);
    });

    scope.setErrorHandler((error: unknown, request, reply) => sendRefusal(doors, error, request, reply));
    scope.addHook('onRequest', async (request) => {
      request.caller = await verify(options, request);
      if (request.caller === null && Number(request.headers['content-length'] ?? 0) > ANONYMOUS_BODY_BYTES_MAX)
        throw tooLarge(ANONYMOUS_BODY_BYTES_MAX);
    });

    scope.route({
      method: ['GET', 'POST'],
      url: GRAPHQL_PATH,
      bodyLimit: BODY_BYTES_MAX,
      handler: async (request, reply) => {
        const { method, url, body, headers: sent, caller, id: requestId } = request;
        if (caller === null && !request.isCounted) await countStranger(options, request, url.length);
        const address = addressOf(request.raw);
        const headers = new HeaderMap();
        for (const name of HEADERS_READ) {
          const value = sent[name];
          if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
        }
        const query = url.indexOf('?');
        const search = query < 0 ? '' : exactSearch(url.slice(query));
        const answer = await apollo.executeHTTPGraphQLRequest({
          httpGraphQLRequest: { method, headers, search, body },
          context: () => Promise.resolve({ caller, requestId, address }),
        });
        if (answer.body.kind !== 'complete')
          throw new Error('An answer in parts was made, which no operation here asks for');
        void reply.code(answer.status ?? 200);
        for (const [name, value] of answer.headers) void reply.header(name, value);
        return compressAnswer(answer.body.string, request, reply);
      },
    });
    scope.addHook('onClose', () => apollo.stop());
    done();
  });
  await fastify.register(route);
}

/** Before the body of a caller without a credential is parsed. @throws what is wrong with its size, or RATE_LIMITED */
async function admitStranger(options: GraphQLRouteOptions, request: FastifyRequest, body: string): Promise<void> {
  const bytes = Buffer.byteLength(body);
  if (bytes > ANONYMOUS_BODY_BYTES_MAX) throw tooLarge(ANONYMOUS_BODY_BYTES_MAX);
  await countStranger(options, request, bytes);
}

/** Before anything is parsed. @throws RATE_LIMITED for an address that asks too much without a credential */
async function countStranger(
  { doors, addressOf }: GraphQLRouteOptions,
  request: FastifyRequest,
  bytes: number,
): Promise<void> {
  request.isCounted = true;
  await doors.limits.admitAnonymous(addressOf(request.raw), bytes);
}

/** @throws UNAUTHENTICATED, or RATE_LIMITED for an address that has had too many credentials refused */
async function verify(
  { doors, authenticate, addressOf }: GraphQLRouteOptions,
  request: FastifyRequest,
): Promise<Caller | null> {
  try {
    return await authenticate(request.headers.authorization, () => doors.limits.admitLookUp(addressOf(request.raw)));
  } catch (error) {
    if (error instanceof PublicError && error.code === 'UNAUTHENTICATED')
      await doors.limits.countFailedLogin(addressOf(request.raw));
    throw error;
  }
}

function sendRefusal(doors: Doors, error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  const shown =
    code === 'FST_ERR_CTP_BODY_TOO_LARGE'
      ? tooLarge(request.caller === null ? ANONYMOUS_BODY_BYTES_MAX : BODY_BYTES_MAX)
      : typeof statusCode === 'number' && statusCode < 500 && !(error instanceof GraphQLError)
        ? badRequest('The request could not be read.', statusCode)
        : error;
  const isInput = shown instanceof PublicError && shown.code === 'BAD_USER_INPUT';
  const { result, head } = refuse(doors, [shown], request.id, isInput ? 400 : 500);
  for (const [name, value] of head.headers ?? []) void reply.header(name, value);
  return reply
    .code(head.status ?? 500)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(result));
}

/** @throws BAD_USER_INPUT for what is nested too deep, SyntaxError for what is not JSON */
function readJson(text: string): unknown {
  const exact = exactJson(text);
  if (exact === null) throw tooDeep();
  return JSON.parse(exact);
}

/** The query string of a GET, whose variables are JSON like a body's. */
function exactSearch(search: string): string {
  if (!search.includes('variables=')) return search;
  const parameters = new URLSearchParams(search);
  const variables = parameters.get('variables');
  if (variables === null) return search;
  const exact = exactJson(variables);
  if (exact === null) throw tooDeep();
  if (exact === variables) return search;
  parameters.set('variables', exact);
  return `?${parameters.toString()}`;
}

/** Variables that are nested deeper than any type of the schema. */
export function tooDeep(): PublicError {
  return badUserInput('variables', `variables must not be nested more than ${JSON_DEPTH_MAX} levels deep.`);
}

function badRequest(message: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http: { status } } });
}

function tooLarge(bytesMax: number): GraphQLError {
  return badRequest(`The body is larger than ${bytesMax / 1000} kB.`, 413);
}
