import { GraphQLError, createSourceEventStream } from 'graphql';
import type { ExecutionArgs, ExecutionResult, FormattedExecutionResult } from 'graphql';
import { makeServer } from 'graphql-ws';
import type { Server, ServerOptions, SubscribePayload } from 'graphql-ws';
import type { Authenticate } from '../auth/verify-token.js';
import { rateLimited, tooComplex, unavailable } from '../kit/errors.js';
import type { ExecutePayload } from '../live/renderer.js';
import type { SharedSubscribe } from '../live/shared-subscribe.js';
import { admitRequest } from './admit-request.js';
import type { DoorContext, Doors } from './answer-request.js';
import { answerReady, maskResult, refuse } from './answer-request.js';
import type { ReadyRequest } from './engine/request.js';
import { isSubscription } from './engine/request.js';
import { nextRequestId } from './request-id.js';
import { findSocketCaller, isRefusal } from './sign-in.js';
import type { OpenSocket } from './open-socket.js';
import type { WsSockets } from './ws-sockets.js';
import { CLOSE } from './open-socket.js';

const SUBSCRIPTIONS_MAX = 100;
const SUBSCRIBE_BYTES_MAX = 16_000;
const IN_FLIGHT_MAX = 1_000;
const RETRY_MS = 1_000;

/** What graphql-ws carries from a `subscribe` message to the execution. */
export interface SocketArgs extends ExecutionArgs {
  /** The operation's id on its socket. */
  readonly id: string;
  readonly ready: ReadyRequest;
  readonly contextValue: DoorContext;
  readonly open: OpenSocket;
  /** Executes one event of the subscription and masks its errors. */
  readonly executeEvent: ExecutePayload;
}

export interface WsRequestsOptions {
  readonly doors: Doors;
  readonly authenticate: Authenticate;
  readonly sockets: WsSockets;
  /** Lets equal subscriptions share one execution; without it each is executed for itself. */
  readonly shared?: SharedSubscribe | undefined;
  /** How long a socket may be open before its connection_init. */
  readonly initMs: number;
  /** Whether nothing new is begun any more. */
  readonly isEnding: () => boolean;
}

export interface SocketExtra {
  readonly open: OpenSocket;
}

/**
 * GraphQL over the WebSocket by the protocol graphql-transport-ws: who signs in by `connection_init`, and every operation by the
 * same limits, validation, rate limits, execution and masking as over HTTP.
 */
export function createWsRequests(options: WsRequestsOptions): Server<SocketExtra> {
  const { doors, sockets, shared } = options;
  const hooks: ServerOptions<Record<string, unknown>, SocketExtra> = {
    connectionInitWaitTimeout: options.initMs,
    onConnect: async ({ connectionParams, extra: { open } }) => {
      const authorization = connectionParams?.['authorization'];
      if (authorization === undefined && open.caller !== null) return true;
      const found = await findSocketCaller(options, open.address, authorization);
      if (isRefusal(found)) open.socket.close(found.code, found.reason);
      else if (!sockets.signIn(open, found)) open.socket.close(CLOSE.busy, 'Too many sockets');
      else return true;
      // Closed already: what follows is not read any more.
      return false;
    },
    onSubscribe: ({ extra: { open } }, id, payload) => {
      const context: DoorContext = {
        caller: open.caller,
        requestId: nextRequestId(),
        address: open.address,
      };
      try {
        const args = prepare(options, open, id, payload, context);
        if (Array.isArray(args) || shared === undefined || !isSubscription(args.ready)) return args;
        return shared.bind(args, {
          socket: open.socket,
          operationId: id,
          execute: args.executeEvent,
          onEnd: () => (open.subscriptions -= 1),
        });
      } catch (error) {
        return [
          error instanceof GraphQLError ? error : new GraphQLError('Not prepared', { originalError: error as Error }),
        ];
      }
    },
    execute: async (args) => {
      const { ready, contextValue, open } = args as SocketArgs;
      if (isFull(open, ready)) return slowDown(doors, contextValue);
      open.inFlight += 1;
      try {
        return (await answerReady(doors, ready, contextValue)).result as ExecutionResult;
      } finally {
        open.inFlight -= 1;
      }
    },
    subscribe: async (args) => {
      const { ready, contextValue, open } = args as SocketArgs;
      if (isFull(open, ready)) return slowDown(doors, contextValue);
      open.subscriptions += 1;
      let isLive = false;
      try {
        await admitRequest(doors.limits, contextValue.caller, ready);
        const stream = await (shared === undefined ? subscribeAlone(args as SocketArgs) : shared.subscribe(args));
        if (!(Symbol.asyncIterator in stream))
          return maskResult(doors, stream, contextValue.requestId).result as ExecutionResult;
        isLive = true;
        // A shared subscription calls `onEnd` itself.
        return shared !== undefined ? stream : counted<ExecutionResult>(stream, () => (open.subscriptions -= 1));
      } catch (error) {
        return refuse(doors, [error], contextValue.requestId, 500).result as ExecutionResult;
      } finally {
        if (!isLive) open.subscriptions -= 1;
      }
    },
    // Results come here masked; graphql-ws would write their errors out in its own way.
    onNext: (_context, _id, _payload, _args, result) => result as FormattedExecutionResult,
    onError: (_context, _id, _payload, errors) => refuse(doors, errors, nextRequestId(), 400).result.errors ?? [],
  };
  return makeServer(hooks);
}

function prepare(
  options: WsRequestsOptions,
  open: OpenSocket,
  id: string,
  payload: SubscribePayload,
  context: DoorContext,
): SocketArgs | GraphQLError[] {
  const { doors } = options;
  if (options.isEnding()) throw unavailable();
  const { query, operationName, variables } = payload;
  const prepared = doors.engine.prepare({
    document: doors.engine.parse(query),
    operationName,
    variables,
    mayIntrospect: true,
    isKept: true,
  });
  if ('errors' in prepared) return [...prepared.errors];
  const { ready } = prepared;
  // A subscription keeps its message in memory as long as it is open, so a long one is refused.
  if (isSubscription(ready) && open.messageBytes > SUBSCRIBE_BYTES_MAX)
    throw tooComplex(`A subscription is asked for in at most ${SUBSCRIBE_BYTES_MAX / 1000} kB.`);
  if (isFull(open, ready)) throw rateLimited(RETRY_MS);
  return {
    schema: doors.engine.schema,
    document: ready.document,
    operationName: ready.operation.name?.value ?? null,
    variableValues: ready.rawVariables,
    contextValue: context,
    id,
    ready,
    open,
    executeEvent: (event) => {
      const result = doors.engine.execute(ready, context, event);
      if (result instanceof Promise)
        return result.then((settled) => maskResult(doors, settled, context.requestId).result);
      return maskResult(doors, result, context.requestId).result;
    },
  };
}

/**
 * Whether the socket may carry no further operation of this kind. Asked again where the operation is counted: of many messages
 * that come at once all are prepared before the first is.
 */
function isFull(open: OpenSocket, ready: ReadyRequest): boolean {
  return isSubscription(ready) ? open.subscriptions >= SUBSCRIPTIONS_MAX : open.inFlight >= IN_FLIGHT_MAX;
}

function slowDown(doors: Doors, { requestId }: DoorContext): ExecutionResult {
  return refuse(doors, [rateLimited(RETRY_MS)], requestId, 500).result as ExecutionResult;
}

async function subscribeAlone({
  executeEvent,
  ...args
}: SocketArgs): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const events: AsyncIterable<unknown> | ExecutionResult = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in events)) return events;
  const iterator = events[Symbol.asyncIterator]();
  const stream: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => stream,
    next: async () => {
      const event = await iterator.next();
      if (event.done === true) return { done: true, value: undefined };
      return { done: false, value: (await executeEvent(event.value)) as ExecutionResult };
    },
    return: async () => {
      await iterator.return?.();
      return { done: true, value: undefined };
    },
    throw: async (error: unknown) => {
      await iterator.return?.();
      throw error;
    },
  };
  return stream;
}

/** The same stream; `ended` is called once, when it ends by itself, fails, or is left. */
function counted<T>(stream: AsyncIterableIterator<T>, ended: () => void): AsyncIterableIterator<T> {
  let isOpen = true;
  const end = (): void => {
    if (isOpen) ended();
    isOpen = false;
  };
  const same: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => same,
    next: async () => {
      try {
        const result = await stream.next();
        if (result.done === true) end();
        return result;
      } catch (error) {
        end();
        throw error;
      }
    },
    return: async () => {
      end();
      return (await stream.return?.()) ?? { done: true, value: undefined };
    },
    throw: async (error: unknown) => {
      end();
      await stream.return?.();
      throw error;
    },
  };
  return same;
}
