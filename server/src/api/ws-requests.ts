import type { ExecutionResult, FormattedExecutionResult, GraphQLError } from 'graphql';
import { CloseCode, MessageType, parseMessage } from 'graphql-ws';
import type { Message, SubscribePayload } from 'graphql-ws';
import type { Authenticate } from '../auth/verify-token.js';
import { rateLimited, tooComplex, unavailable } from '../kit/errors.js';
import type { ExecutePayload } from '../live/renderer.js';
import type { SharedSubscribe, Subscription } from '../live/shared-subscribe.js';
import { admitRequest } from './admit-request.js';
import type { DoorContext, Doors } from './answer-request.js';
import { answerReady, maskResult, refuse } from './answer-request.js';
import type { ReadyRequest } from './engine/request.js';
import { isSubscription } from './engine/request.js';
import { nextRequestId } from './request-id.js';
import { findSocketCaller, isRefusal } from './sign-in.js';
import type { OpenSocket } from './open-socket.js';
import { CLOSE } from './open-socket.js';
import { Answering, sendErrors, sendLast, SocketSubscription } from './ws-operations.js';
import type { WsSockets } from './ws-sockets.js';

const SUBSCRIPTIONS_MAX = 100;
const SUBSCRIBE_BYTES_MAX = 16_000;
const IN_FLIGHT_MAX = 1_000;
const RETRY_MS = 1_000;

export interface WsRequestsOptions {
  readonly doors: Doors;
  readonly authenticate: Authenticate;
  readonly sockets: WsSockets;
  readonly shared: SharedSubscribe;
  /** Whether nothing new is begun any more. */
  readonly isEnding: () => boolean;
}

/**
 * GraphQL over the WebSocket by the protocol graphql-transport-ws: who signs in by `connection_init`, and every operation by the
 * same limits, validation, rate limits, execution and masking as over HTTP.
 *
 * Messages are read and checked by graphql-ws. What follows from them is done here, since its server keeps a function waiting for
 * each subscription, with all that the subscription was asked for with.
 *
 * Source: docs/decisions/socket-protocol.md
 */
export class WsRequests {
  constructor(private readonly options: WsRequestsOptions) {}

  /** Does what a message asks for. */
  receive(open: OpenSocket, text: string): void {
    const message = readMessage(text);
    switch (message?.type) {
      case MessageType.ConnectionInit:
        if (open.hasBegun)
          return open.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
        this.options.sockets.begun(open);
        return this.#unlessItFails(open, this.#signIn(open, message.payload?.['authorization']));
      case MessageType.Ping:
        return void open.send(JSON.stringify({ type: MessageType.Pong, payload: message.payload }));
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return this.#begin(open, message.id, message.payload);
      case MessageType.Complete:
        return open.end(message.id);
      default:
        return open.close(CLOSE.badRequest, 'Invalid message received');
    }
  }

  async #signIn(open: OpenSocket, authorization: unknown): Promise<void> {
    if (authorization !== undefined || open.caller === null) {
      const found = await findSocketCaller(this.options, open.address, authorization);
      if (isRefusal(found)) return open.close(found.code, found.reason);
      if (!this.options.sockets.signIn(open, found)) return open.close(CLOSE.busy, 'Too many sockets');
    }
    open.isAcknowledged = true;
    void open.send(JSON.stringify({ type: MessageType.ConnectionAck }));
  }

  #begin(open: OpenSocket, id: string, payload: SubscribePayload): void {
    if (!open.isAcknowledged) return open.close(CloseCode.Unauthorized, 'Unauthorized');
    if (open.hasOperation(id))
      return open.close(CloseCode.SubscriberAlreadyExists, `Subscriber for ${id} already exists`);
    const context: DoorContext = { caller: open.caller, requestId: nextRequestId(), address: open.address };
    let ready: ReadyRequest;
    try {
      ready = prepare(this.options, open, payload);
    } catch (error) {
      return sendErrors(this.options.doors, open, id, error instanceof Refused ? error.errors : [error]);
    }
    const answering = isSubscription(ready)
      ? this.#subscribe(new SocketSubscription(id, open, this.options.doors), ready, context)
      : this.#answer(new Answering(id, open), ready, context);
    this.#unlessItFails(open, answering);
  }

  /** Answers a query or a mutation. */
  async #answer(operation: Answering, ready: ReadyRequest, context: DoorContext): Promise<void> {
    const { open } = operation;
    open.add(operation);
    open.inFlight += 1;
    let result: FormattedExecutionResult;
    try {
      ({ result } = await answerReady(this.options.doors, ready, context));
    } finally {
      open.inFlight -= 1;
    }
    if (open.remove(operation)) sendLast(operation, result);
  }

  async #subscribe(operation: SocketSubscription, ready: ReadyRequest, context: DoorContext): Promise<void> {
    const { open } = operation;
    open.add(operation);
    open.subscriptions += 1;
    const result = await this.#open(operation, ready, context);
    if (result === null) return;
    open.subscriptions -= 1;
    if (open.remove(operation)) sendLast(operation, result);
  }

  /** @returns the answer when it is refused; null when it was opened, and is live unless it has been ended meanwhile */
  async #open(
    operation: SocketSubscription,
    ready: ReadyRequest,
    context: DoorContext,
  ): Promise<FormattedExecutionResult | null> {
    const { doors, shared } = this.options;
    try {
      await admitRequest(doors.limits, context.caller, ready);
      const args = {
        schema: doors.engine.schema,
        document: ready.document,
        operationName: ready.operation.name?.value ?? null,
        variableValues: ready.rawVariables,
        contextValue: context,
      };
      const opened = await shared.open(args, operation, () => executeOver(doors, ready, context));
      if (!isOpened(opened)) return maskResult(doors, opened, context.requestId).result;
      operation.opened(opened);
      return null;
    } catch (error) {
      return refuse(doors, [error], context.requestId, 500).result;
    }
  }

  /** Nobody waits for what a message leads to. */
  #unlessItFails(open: OpenSocket, work: Promise<void>): void {
    work.catch((error: unknown) => {
      this.options.doors.onInternalError(error, 'websocket');
      open.close(CLOSE.busy, 'Try again later');
    });
  }
}

function isOpened(opened: Subscription | ExecutionResult): opened is Subscription {
  return 'start' in opened;
}

function executeOver(doors: Doors, ready: ReadyRequest, context: DoorContext): ExecutePayload {
  return (payload) => {
    const result = doors.engine.execute(ready, context, payload);
    if (result instanceof Promise)
      return result.then((settled) => maskResult(doors, settled, context.requestId).result);
    return maskResult(doors, result, context.requestId).result;
  };
}

/** null for what is no message of the protocol. */
function readMessage(text: string): Message | null {
  try {
    return parseMessage(text);
  } catch {
    return null;
  }
}

/** A document that may not be executed. */
class Refused extends Error {
  constructor(readonly errors: readonly GraphQLError[]) {
    super('refused');
  }
}

/** @throws Refused; a PublicError */
function prepare({ doors, isEnding }: WsRequestsOptions, open: OpenSocket, payload: SubscribePayload): ReadyRequest {
  if (isEnding()) throw unavailable();
  const { query, operationName, variables } = payload;
  const prepared = doors.engine.prepare({
    document: doors.engine.parse(query),
    operationName,
    variables,
    mayIntrospect: true,
    isKept: true,
  });
  if ('errors' in prepared) throw new Refused(prepared.errors);
  const { ready } = prepared;
  // A subscription keeps its message in memory as long as it is open, so a long one is refused.
  if (isSubscription(ready) && open.messageBytes > SUBSCRIBE_BYTES_MAX)
    throw tooComplex(`A subscription is asked for in at most ${SUBSCRIBE_BYTES_MAX / 1000} kB.`);
  const isFull = isSubscription(ready) ? open.subscriptions >= SUBSCRIPTIONS_MAX : open.inFlight >= IN_FLIGHT_MAX;
  if (isFull) throw rateLimited(RETRY_MS);
  return ready;
}
