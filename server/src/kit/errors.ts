import { GraphQLError } from 'graphql';

/** The closed list of public error codes that this server makes itself; the GraphQL engine adds its own for malformed requests. */
export type PublicErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'BAD_USER_INPUT'
  | 'CURSOR_TOO_OLD'
  | 'RATE_LIMITED'
  | 'QUERY_TOO_COMPLEX'
  | 'UNAVAILABLE';

interface PublicErrorDetails {
  readonly httpStatus?: number;
  readonly httpHeaders?: ReadonlyMap<string, string>;
  readonly field?: string;
  readonly retryAfterMs?: number;
  /** Why, for the log alone. */
  readonly cause?: unknown;
}

/**
 * An error whose text and code a caller may see.
 *
 * Everything that is not a `PublicError` is masked before it leaves the server. `extensions.code` is the code,
 * `extensions.field` the input field at fault, `extensions.retryAfterMs` when trying again makes sense.
 * `extensions.http` carries status and headers for the HTTP door and never reaches a response body.
 * Source: docs/api.md, Answers
 */
export class PublicError extends GraphQLError {
  readonly code: PublicErrorCode;

  constructor(code: PublicErrorCode, message: string, details: PublicErrorDetails = {}) {
    const { httpStatus, httpHeaders, field, retryAfterMs } = details;
    super(message, {
      extensions: {
        code,
        ...(field === undefined ? {} : { field }),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
        ...(httpStatus === undefined ? {} : { http: { status: httpStatus, headers: new Map(httpHeaders ?? []) } }),
      },
    });
    this.code = code;
    if (details.cause !== undefined) this.cause = details.cause;
    this.name = 'PublicError';
  }
}

/** No credential, or one that is not valid (401). The text never says which part of a credential was wrong. */
export function unauthenticated(
  message = 'Sign in to continue: this request needs a valid access token or API key.',
): PublicError {
  return new PublicError('UNAUTHENTICATED', message, {
    httpStatus: 401,
    httpHeaders: new Map([['www-authenticate', 'Bearer']]),
  });
}

/** The caller is known and sees the object, but may not do this. */
export function forbidden(message = 'You are not allowed to do this.'): PublicError {
  return new PublicError('FORBIDDEN', message);
}

/** The object does not exist, or belongs to somebody else: the two are never told apart. */
export function notFound(what = 'What you asked for'): PublicError {
  return new PublicError('NOT_FOUND', `${what} does not exist, or you may not see it.`);
}

/**
 * The input is malformed, whatever the state of the account.
 *
 * @param field  name of the input field or argument at fault
 */
export function badUserInput(field: string, message: string): PublicError {
  return new PublicError('BAD_USER_INPUT', message, { field });
}

/**
 * A cursor of a past that this database does not have: what came before it was lost, or is not known any more.
 *
 * @param oldest  `extensions.oldest`, a cursor from which on nothing is missed; null: begin without one
 */
export function cursorTooOld(oldest: string | null): PublicError {
  const error = new PublicError(
    'CURSOR_TOO_OLD',
    'This cursor belongs to a past that the service does not go on from. Forget what was read, and begin anew from `extensions.oldest`.',
    { field: 'after' },
  );
  error.extensions['oldest'] = oldest;
  return error;
}

/**
 * Too many requests (429, `retry-after` in whole seconds, at least 1).
 *
 * @param retryAfterMs  milliseconds until one more request is admitted
 */
export function rateLimited(retryAfterMs: number): PublicError {
  return new PublicError('RATE_LIMITED', 'Too many requests. Please slow down and try again shortly.', {
    httpStatus: 429,
    httpHeaders: retryAfterHeader(retryAfterMs),
    retryAfterMs: Math.max(0, Math.ceil(retryAfterMs)),
  });
}

/** The document asks for more than one request may (400). */
export function tooComplex(message: string): PublicError {
  return new PublicError('QUERY_TOO_COMPLEX', message, { httpStatus: 400 });
}

/**
 * The server cannot answer now, for example under back-pressure or without its database (503); the same request may be repeated.
 *
 * @param retryAfterMs  milliseconds to wait before a retry
 * @param cause  what happened, for the log alone
 */
export function unavailable(retryAfterMs = 1000, cause?: unknown): PublicError {
  return new PublicError(
    'UNAVAILABLE',
    'The service is busy or restarting. Nothing is lost: try again with the same idempotency key.',
    {
      httpStatus: 503,
      httpHeaders: retryAfterHeader(retryAfterMs),
      retryAfterMs: Math.max(0, Math.ceil(retryAfterMs)),
      cause,
    },
  );
}

function retryAfterHeader(retryAfterMs: number): Map<string, string> {
  return new Map([['retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000)))]]);
}
