import { GraphQLError } from 'graphql';
import type { DocumentNode, ExecutionResult, FormattedExecutionResult } from 'graphql';
import type { RateLimits } from '../auth/rate-limits.js';
import type { RequestContext } from '../auth/request-context.js';
import { admitRequest } from './admit-request.js';
import type { GraphQLEngine } from './engine/graphql-engine.js';
import type { ReadyRequest } from './engine/request.js';
import { isSubscription } from './engine/request.js';
import type { ErrorHead } from './mask-error.js';
import { maskError } from './mask-error.js';
import type { RequestMetrics } from './metrics.js';

/** What each door knows of a request besides what resolvers are given. */
export interface DoorContext extends RequestContext {
  /** Where it came from, for the limits of those who have not signed in. */
  readonly address: string;
}

/** What both doors work with. */
export interface Doors {
  readonly engine: GraphQLEngine;
  readonly limits: RateLimits;
  readonly metrics: RequestMetrics;
  /** Whether callers who have not signed in may ask for the schema. */
  readonly introspection: boolean;
  /** Told of every error whose text was withheld from the caller. */
  readonly onInternalError: (error: unknown, requestId: string) => void;
}

export interface GraphQLRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  /** How Apollo Server names the document's text. */
  readonly hash?: string | undefined;
}

/** An answer with all errors masked, and the HTTP status and headers that they ask for. */
export interface Answered {
  readonly result: FormattedExecutionResult;
  readonly head: ErrorHead;
}

const SUBSCRIPTION_OVER_HTTP =
  'Subscriptions are served over the WebSocket at the same address, by the protocol graphql-transport-ws.';

/**
 * Answers a query or a mutation: limits, validation, rate limits, execution, masked errors, in this order. Never rejects.
 *
 * The errors' HTTP status counts only when nothing at all was answered: one refused item of many does not fail the request.
 */
export async function answerRequest(doors: Doors, request: GraphQLRequest, context: DoorContext): Promise<Answered> {
  const isKnown = context.caller !== null;
  const prepared = doors.engine.prepare({
    ...request,
    mayIntrospect: doors.introspection || isKnown,
    isKept: isKnown,
  });
  if ('errors' in prepared) return refuse(doors, prepared.errors, context.requestId, 400);
  const { ready } = prepared;
  if (isSubscription(ready)) {
    return refuse(
      doors,
      [new GraphQLError(SUBSCRIPTION_OVER_HTTP, { extensions: { code: 'BAD_REQUEST' } })],
      context.requestId,
      400,
    );
  }
  return answerReady(doors, ready, context);
}

/** The rest of `answerRequest`, from the rate limits on. */
export async function answerReady(doors: Doors, ready: ReadyRequest, context: DoorContext): Promise<Answered> {
  const startedAt = performance.now();
  const answered = await executeAdmitted(doors, ready, context);
  doors.metrics.answered(ready, answered.result, performance.now() - startedAt);
  return answered;
}

async function executeAdmitted(doors: Doors, ready: ReadyRequest, context: DoorContext): Promise<Answered> {
  try {
    await admitRequest(doors.limits, context.caller, ready);
    return maskResult(doors, await doors.engine.execute(ready, context), context.requestId);
  } catch (error) {
    return refuse(doors, [error], context.requestId, 500);
  }
}

/** An answer without data. */
export function refuse(
  doors: Pick<Doors, 'onInternalError'>,
  errors: readonly unknown[],
  requestId: string,
  status: number,
): Answered {
  const masked = errors.map((error) => maskAndTell(doors, error, requestId));
  const head = masked.find((one) => one.head.status !== undefined)?.head;
  return { result: { errors: masked.map(({ formatted }) => formatted) }, head: head ?? { status } };
}

/** Masks the errors of an execution result, of a subscription's events too. */
export function maskResult(
  doors: Pick<Doors, 'onInternalError'>,
  result: ExecutionResult,
  requestId: string,
): Answered {
  const { data, errors } = result;
  if (errors === undefined || errors.length === 0) return { result: { data: data ?? null }, head: {} };
  const masked = errors.map((error) => maskAndTell(doors, error, requestId));
  const isEmpty = data === null || data === undefined || Object.values(data).every((value) => value === null);
  const head = isEmpty
    ? masked.find((one) => one.head.status !== undefined && one.head.status !== 500)?.head
    : undefined;
  return { result: { errors: masked.map(({ formatted }) => formatted), data: data ?? null }, head: head ?? {} };
}

function maskAndTell({ onInternalError }: Pick<Doors, 'onInternalError'>, error: unknown, requestId: string) {
  const masked = maskError(error, requestId);
  if (masked.isLogged) onInternalError(error, requestId);
  return masked;
}
