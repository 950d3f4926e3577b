import { createSourceEventStream, subscribe } from 'graphql';
import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { LiveStream } from './live-stream.js';
import { subscriptionKey } from './subscription-key.js';
import { Renderer } from './renderer.js';
import type { Body, ExecutePayload } from './renderer.js';
import type { Attachment, Sink } from './sink.js';
import { type FindConnection, tryRawFrames } from './raw-frames.js';
import { isAscii, textFrameHead } from './text-frame.js';

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
  /** The id that the client gave to the operation on this socket. */
  readonly operationId: string;
  /** Executes this operation over one payload, errors masked. Of equal subscriptions one is asked, for all. */
  readonly execute: ExecutePayload;
  /** Called once when a subscription that was opened has ended, in whatever way. */
  readonly onEnd?: () => void;
}

export interface SharedSubscribe {
  /** Names the wire of these arguments; call it on the very object that `subscribe` is given afterwards. */
  bind<Args extends ExecutionArgs>(args: Args, wire: Wire): Args;
  /** For graphql-ws's option of the same name. */
  readonly subscribe: (args: ExecutionArgs) => Promise<AsyncGenerator<ExecutionResult> | ExecutionResult>;
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
 * frame, past graphql-ws, which is given an iterator that never yields and so only ends it. Equal: same document, operation and
 * variables (cursors apart) on the same feed; the payloads of these feeds depend on nothing else, so not on the caller.
 * A socket that is slow is not written to, and its feed conflates or waits.
 *
 * @param findConnection  where whole frames may be written, each in one write; null: by `send` alone
 *
 * Source: docs/architecture.md
 */
export function createSharedSubscribe(findConnection: FindConnection | null = tryRawFrames()): SharedSubscribe {
  const wires = new WeakMap<ExecutionArgs, Wire>();
  const renderers = new Map<string, Renderer<object>>();

  const share = (args: ExecutionArgs, stream: LiveStream<object, unknown>, wire: Wire): SilentIterator => {
    const key = subscriptionKey(args);
    let renderer = renderers.get(key);
    if (renderer === undefined) {
      renderer = new Renderer(stream.show, wire.execute, () => renderers.delete(key), findConnection);
      renderers.set(key, renderer);
    }
    return new SilentIterator(stream, wire, renderer);
  };

  return {
    bind(args, wire) {
      wires.set(args, wire);
      return args;
    },
    async subscribe(args) {
      const wire = wires.get(args);
      if (wire === undefined) return subscribe(args) as Promise<AsyncGenerator<ExecutionResult> | ExecutionResult>;
      wires.delete(args);
      const stream = await createSourceEventStream(args);
      if (!(Symbol.asyncIterator in stream)) return stream;
      if (!(stream instanceof LiveStream)) throw new TypeError('a subscription must give a LiveStream');
      return share(args, stream as LiveStream<object, unknown>, wire);
    },
    get operationCount() {
      return renderers.size;
    },
  };
}

/** The sink that writes frames, and the iterator that graphql-ws waits for and ends. There may be many: each field counts. */
class SilentIterator implements AsyncGenerator<never, void, void>, Sink<object> {
  readonly #socket: WireSocket;
  readonly #renderer: Renderer<object>;
  /** The operation's id in JSON. */
  readonly #id: string;
  readonly #isPlain: boolean;
  readonly #onEnd: (() => void) | undefined;
  /** Until it is asked for the first time. */
  #stream: LiveStream<object, unknown> | null;
  #attachment: Attachment | null = null;
  #settle: ((end: IteratorReturnResult<void> | Promise<never>) => void) | null = null;
  #error: Error | null = null;
  #done = false;

  constructor(stream: LiveStream<object, unknown>, { socket, operationId, onEnd }: Wire, renderer: Renderer<object>) {
    this.#stream = stream;
    this.#socket = socket;
    this.#renderer = renderer;
    this.#id = JSON.stringify(operationId);
    this.#isPlain = isAscii(this.#id);
    this.#onEnd = onEnd;
    renderer.enter();
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

  #write({ text, isAscii: isPlain }: Body): void {
    if (this.#done || this.#socket.readyState !== OPEN) return;
    const { findConnection } = this.#renderer;
    const connection = isPlain && this.#isPlain && findConnection !== null ? findConnection(this.#socket) : null;
    const head = connection === null ? null : textFrameHead(text.length + this.#id.length + 1);
    if (connection === null || head === null) this.#socket.send(`${text}${this.#id}}`);
    else connection.write(`${head}${text}${this.#id}}`, 'latin1');
  }

  fail(reason: Error): void {
    if (this.#done) return;
    this.#end();
    if (this.#settle === null) this.#error = reason;
    else this.#settle(Promise.reject(reason));
  }

  /** Asked once, right after graphql-ws took note of the subscription: only now may something be sent for it. */
  next(): Promise<IteratorResult<never, void>> {
    const stream = this.#stream;
    if (this.#done || stream === null) {
      const error = this.#error;
      this.#error = null;
      return error === null ? Promise.resolve({ done: true, value: undefined }) : Promise.reject(error);
    }
    this.#stream = null;
    const ended = new Promise<IteratorReturnResult<void>>((resolve) => {
      this.#settle = resolve;
    });
    this.#attachment = stream.attach(this);
    return ended;
  }

  return(): Promise<IteratorReturnResult<void>> {
    if (!this.#done) {
      this.#end();
      this.#settle?.({ done: true, value: undefined });
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  throw(error: unknown): Promise<IteratorReturnResult<void>> {
    void this.return();
    return Promise.reject(error instanceof Error ? error : new Error(String(error)));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  #end(): void {
    this.#done = true;
    this.#stream = null;
    this.#renderer.leave();
    this.#attachment?.close();
    this.#attachment = null;
    this.#onEnd?.();
  }
}
