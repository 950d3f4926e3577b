import { GraphQLError } from 'graphql';
import type { FormattedExecutionResult } from 'graphql';
import { MessageType } from 'graphql-ws';
import type { Subscription, Wire } from '../live/shared-subscribe.js';
import type { Doors } from './answer-request.js';
import { refuse } from './answer-request.js';
import type { OpenSocket, Operation } from './open-socket.js';
import { nextRequestId } from './request-id.js';

/** A query or a mutation under way. */
export class Answering implements Operation {
  constructor(
    readonly id: string,
    readonly open: OpenSocket,
  ) {}

  end(): void {
    // Its answer is not sent, since it is not under way any more.
  }
}

/** A subscription from when it is asked for to its end. */
export class SocketSubscription implements Operation, Wire {
  #subscription: Subscription | null = null;
  #isEnded = false;

  constructor(
    readonly id: string,
    readonly open: OpenSocket,
    private readonly doors: Doors,
  ) {}

  get socket(): OpenSocket['socket'] {
    return this.open.socket;
  }

  get connection(): OpenSocket['connection'] {
    return this.open.connection;
  }

  opened(subscription: Subscription): void {
    this.#subscription = subscription;
    if (this.#isEnded) this.#letGo();
    else subscription.start();
  }

  end(): void {
    this.#isEnded = true;
    this.#letGo();
  }

  failed(reason: Error): void {
    this.#letGo();
    // Masked as what a library has thrown.
    const error = new GraphQLError(reason.message, { originalError: reason });
    if (this.open.remove(this)) sendErrors(this.doors, this.open, this.id, [error]);
  }

  #letGo(): void {
    if (this.#subscription === null) return;
    this.#subscription.end();
    this.#subscription = null;
    this.open.subscriptions -= 1;
  }
}

/** The only answer to an operation, and its end. */
export function sendLast({ id, open }: Answering | SocketSubscription, payload: FormattedExecutionResult): void {
  void open.send(JSON.stringify({ id, type: MessageType.Next, payload }));
  void open.send(JSON.stringify({ id, type: MessageType.Complete }));
}

/** The end of an operation that is refused, or whose feed has failed. */
export function sendErrors(doors: Doors, open: OpenSocket, id: string, errors: readonly unknown[]): void {
  const payload = refuse(doors, errors, nextRequestId(), 400).result.errors ?? [];
  void open.send(JSON.stringify({ id, type: MessageType.Error, payload }));
}
