import { ApolloServer, HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { DoorContext, Doors } from './answer-request.js';
import { answerRequest } from './answer-request.js';
import { PARSE_OPTIONS } from './engine/graphql-engine.js';
import { maskError } from './mask-error.js';
import { nextRequestId } from './request-id.js';

/**
 * Apollo Server does GraphQL over HTTP: content negotiation, CSRF prevention, no mutations by GET, no batches.
 *
 * Validation, limits and execution are `answerRequest`'s, which the WebSocket shares, so Apollo's own are off: they would do the
 * work twice, and by rules the socket does not have.
 */
export async function startApolloServer(doors: Doors): Promise<ApolloServer<DoorContext>> {
  const server = new ApolloServer<DoorContext>({
    schema: doors.engine.schema,
    plugins: [
      answers(doors),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
    ],
    dangerouslyDisableValidation: true,
    introspection: true,
    parseOptions: PARSE_OPTIONS,
    // The cache of documents that both doors share; `answerRequest` decides which documents it keeps.
    documentStore: {
      // Apollo Server puts a hash of the schema in front of the document's hash.
      get: (key) => Promise.resolve(doors.engine.findDocument(key.slice(key.lastIndexOf(':') + 1))),
      set: () => Promise.resolve(),
      delete: () => Promise.resolve(false),
    },
    persistedQueries: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    stringifyResult: (result) => JSON.stringify(result),
    logger: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (message) => doors.onInternalError(message, 'apollo-server'),
    },
    formatError: (_formatted, error) => {
      const requestId = nextRequestId();
      const { formatted, isLogged } = maskError(error, requestId);
      if (isLogged) doors.onInternalError(error, requestId);
      return formatted;
    },
  });
  await server.start();
  return server;
}

function answers(doors: Doors): ApolloServerPlugin<DoorContext> {
  const listener: GraphQLRequestListener<DoorContext> = {
    responseForOperation: async ({ document, request, queryHash, contextValue }) => {
      if (document === undefined) return null;
      const { result, head } = await answerRequest(
        doors,
        { document, operationName: request.operationName, variables: request.variables, hash: queryHash },
        contextValue,
      );
      return {
        http: {
          ...(head.status === undefined ? {} : { status: head.status }),
          headers: new HeaderMap(head.headers ?? []),
        },
        body: { kind: 'single', singleResult: result },
      };
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}
