import { GraphQLError } from 'graphql';
import type { GraphQLFormattedError } from 'graphql';
import { isDatabaseAway } from '../db/database-errors.js';
import { unavailable } from '../kit/errors.js';
import { UnknownFormat } from '../kit/format-version.js';
import { LedgerUnavailable } from '../ledger/core/ledger.js';

/** Codes that callers may see with their message: this server's own, and those of Apollo Server for malformed requests. */
const PUBLIC_CODES: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CURSOR_TOO_OLD',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Whether it is a code that callers may be told; the list is closed. */
export function isPublicCode(code: unknown): code is string {
  return code === 'INTERNAL_SERVER_ERROR' || PUBLIC_CODES.has(code);
}

/** HTTP status and headers that an error asks for. */
export interface ErrorHead {
  readonly status?: number;
  readonly headers?: ReadonlyMap<string, string>;
}

/** An error as callers may see it. */
export interface MaskedError {
  readonly formatted: GraphQLFormattedError;
  readonly head: ErrorHead;
  /** True when nothing else tells of it: the log should have the whole of it, under the request id. */
  readonly isLogged: boolean;
}

/**
 * Decides what a caller learns of an error; the only way by which errors leave this server, over HTTP and over the WebSocket.
 *
 * Errors with a public code keep code, message and details. An error without a code is kept only when it has no path, since then
 * it is about the request itself. When the ledger or the database cannot answer, or this process cannot read what a newer one wrote,
 * that is UNAVAILABLE (503). All else becomes INTERNAL_SERVER_ERROR with the request id and nothing more.
 *
 * Source: docs/api.md, Answers
 */
export function maskError(error: unknown, requestId: string): MaskedError {
  const located = error instanceof GraphQLError ? error : null;
  const away = findAway(error);
  const shown = away === null ? located : unavailable();
  const code = shown?.extensions['code'];
  const isAboutRequest =
    away === null &&
    located !== null &&
    code === undefined &&
    located.path === undefined &&
    located.originalError === undefined;
  if (shown === null || !(PUBLIC_CODES.has(code) || isAboutRequest)) {
    return {
      formatted: withPlace(
        { message: 'Internal server error', extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } },
        located,
      ),
      head: { status: 500 },
      isLogged: true,
    };
  }
  const { http, stacktrace: _, ...extensions } = shown.extensions as Record<string, unknown> & { http?: ErrorHead };
  return {
    formatted: withPlace(
      { message: shown.message, ...(Object.keys(extensions).length === 0 ? {} : { extensions }) },
      located,
    ),
    head: http ?? {},
    isLogged: away instanceof UnknownFormat,
  };
}

function withPlace(formatted: GraphQLFormattedError, located: GraphQLError | null): GraphQLFormattedError {
  return {
    message: formatted.message,
    ...(located?.locations === undefined ? {} : { locations: located.locations }),
    ...(located?.path === undefined ? {} : { path: located.path }),
    ...(formatted.extensions === undefined ? {} : { extensions: formatted.extensions }),
  };
}

/** Why this process could not answer, where the same request, repeated, may be answered: by the database again, or by a newer process. */
function findAway(error: unknown): object | null {
  for (let cause: unknown = error, depth = 0; typeof cause === 'object' && cause !== null && depth < 5; depth++) {
    if (cause instanceof LedgerUnavailable || cause instanceof UnknownFormat || isDatabaseAway(cause)) return cause;
    const around: { originalError?: unknown; driverError?: unknown; cause?: unknown } = cause;
    cause = around.originalError ?? around.driverError ?? around.cause;
  }
  return null;
}
