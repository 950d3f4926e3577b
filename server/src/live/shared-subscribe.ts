import { createSourceEventStream } from 'graphql';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { LiveStream } from './live-stream.js';
import { subscriptionKey } from './subscription-key.js';
import { Renderer } from './renderer.js';
import type { Body, ExecutePayload } from './renderer.js';
import type { Attachment, Sink } from './sink.js';
import { type FrameConnection, mayWriteFrames } from './raw-frames.js';
import { isAscii } from './text-frame.js';

/** The part of a `ws` socket that is written to. */
export interface WireSocket {
  readonly readyState: number;
  /** Bytes that the network has not taken yet. */
  readonly bufferedAmount: number;
  send(data: string): void;
}

/** What a door knows of one subscription beyond its execution arguments. */
export interface Wire {
  readonly socket: WireSocket;
  /** The connection of this socket. */
  readonly connection: FrameConnection;
  /** The id that the client gave to the operation on this socket. */
  readonly id: string;
  /** Told when the feed ended with an error: nothing is sent any more. */
  failed(reason: Error): void;
}

/** A subscription that was let through. */
export interface Subscription {
  /** Attaches it to its feed: from now on it is sent what comes. Call it once, and not after `end`. */
  start(): void;
  /** Lets go of the feed at once. */
  end(): void;
}

export interface SharedSubscribe {
  /**
   * Opens a subscription; nothing is sent before it is started.
   *
   * @param makeExecute  makes what executes this operation over one payload, errors masked. Of equal subscriptions one is asked, for all
   * @returns the subscription; the answer when it is refused
   */
  open(args: ExecutionArgs, wire: Wire, makeExecute: () => ExecutePayload): Promise<Subscription | ExecutionResult>;
  /** Operations that are executed for at least one socket. */
  readonly operationCount: number;
}

const OPEN = 1;
/** Above so many unsent bytes a socket gets nothing more until it has drained. */
const BUFFERED_BYTES_MAX = 256 * 1024;

/**
 * Lets equal subscriptions share one execution and one serialisation an event.
 *
 * Each subscription is authorised and attached on its own; then the body that was made once is written into each socket's
 * frame. Equal: same document, operation and variables (cursors apart) on the same feed, and where a payload depends on the caller, the same
 * audience. A socket that is slow is not written to, and its feed conflates or waits.
 *
 * @param writesFrames  whether frames are written whole past `ws`, each in one write; false: by `send` alone
 *
 * Source: docs/architecture.md
 */
export function createSharedSubscribe(writesFrames = mayWriteFrames()): SharedSubscribe {
  const renderers = new Map<string, Renderer<object>>();
  return {
    async open(args, wire, makeExecute) {
      const stream = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in stream)) return stream;
      if (!(stream instanceof LiveStream)) throw new TypeError('a subscription must give a LiveStream');
      const { show, audience } = stream as LiveStream<object, unknown>;
      const key = subscriptionKey(args, audience);
      let renderer = renderers.get(key);
      if (renderer === undefined) {
        renderer = new Renderer(show, makeExecute(), () => renderers.delete(key));
        renderers.set(key, renderer);
      }
      return new SharedSubscription(stream as LiveStream<object, unknown>, wire, renderer, writesFrames);
    },
    get operationCount() {
      return renderers.size;
    },
  };
}

/** The sink that writes a subscription's frames. There may be many: each field counts. */
class SharedSubscription implements Subscription, Sink<object> {
  readonly #wire: Wire;
  readonly #socket: WireSocket;
  /** Where its frames are written; null: `ws` makes them. */
  readonly #connection: FrameConnection | null;
  readonly #renderer: Renderer<object>;
  /** The operation's id in JSON. */
  readonly #id: string;
  /** Until it is started. */
  #stream: LiveStream<object, unknown> | null;
  #attachment: Attachment | null = null;
  #isDone = false;

  constructor(stream: LiveStream<object, unknown>, wire: Wire, renderer: Renderer<object>, writesFrames: boolean) {
    this.#stream = stream;
    this.#wire = wire;
    this.#socket = wire.socket;
    this.#renderer = renderer;
    this.#id = JSON.stringify(wire.id);
    this.#connection = writesFrames && isAscii(this.#id) ? wire.connection : null;
    renderer.enter();
  }

  start(): void {
    const stream = this.#stream;
    if (stream === null) return;
    this.#stream = null;
    const attachment = stream.attach(this);
    // A feed may fail at once.
    if (this.#isDone) attachment.close();
    else this.#attachment = attachment;
  }

  end(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#stream = null;
    this.#renderer.leave();
    this.#attachment?.close();
    this.#attachment = null;
  }

  get ready(): boolean {
    return this.#socket.readyState === OPEN && this.#socket.bufferedAmount < BUFFERED_BYTES_MAX;
  }

  push(raw: object): void {
    try {
      const body = this.#renderer.render(raw);
      if (body instanceof Promise)
        body.then((settled) => this.#write(settled)).catch((error: unknown) => this.fail(error as Error));
      else this.#write(body);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  fail(reason: Error): void {
    if (this.#isDone) return;
    this.end();
    this.#wire.failed(reason);
  }

  #write(body: Body): void {
    if (this.#isDone || this.#socket.readyState !== OPEN) return;
    const frame = this.#connection === null ? null : body.frameTo(this.#id);
    if (this.#connection === null || frame === null) this.#socket.send(body.messageTo(this.#id));
    else this.#connection.write(frame, 'latin1');
  }
}
