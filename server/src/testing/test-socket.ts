import { randomUUID } from 'node:crypto';
import type { FormattedExecutionResult } from 'graphql';
import { WebSocket } from 'ws';

const SUBPROTOCOL = 'graphql-transport-ws';
/** A busy machine answers late; that nothing comes at all is told before the test's own time is up. */
const ANSWER_MS_MAX = 30_000;

/** A message of graphql-transport-ws. */
export interface WireMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** The answer to a query or a mutation. */
export interface SocketAnswer<Data> extends Pick<FormattedExecutionResult, 'errors'> {
  readonly data?: Data | null;
}

export interface RawSocketOptions {
  readonly origin?: string;
  readonly subprotocol?: string;
  /** Of the upgrade. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A WebSocket as a client without any library sees it: every message in order, and how it was closed. */
export class RawSocket {
  readonly received: WireMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #waiting: ((message: WireMessage) => void)[] = [];
  #read = 0;

  private constructor(readonly ws: WebSocket) {
    ws.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as WireMessage;
      this.received.push(message);
      const waiting = this.#waiting.shift();
      if (waiting !== undefined) {
        this.#read += 1;
        waiting(message);
      }
    });
    this.closed = new Promise((resolve) =>
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );
  }

  /** @throws Error `Unexpected server response: 403` and the like when the upgrade is refused */
  static async open(
    url: string,
    { origin, subprotocol = SUBPROTOCOL, headers = {} }: RawSocketOptions = {},
  ): Promise<RawSocket> {
    const ws = new WebSocket(url, subprotocol, { headers, ...(origin === undefined ? {} : { origin }) });
    const opened = new RawSocket(ws);
    await new Promise<void>((resolve, reject) => {
      ws.on('open', resolve);
      ws.on('error', reject);
    });
    return opened;
  }

  send(message: unknown): void {
    this.ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message that has not been read yet. */
  next(): Promise<WireMessage> {
    const ready = this.received[this.#read];
    if (ready !== undefined) {
      this.#read += 1;
      return Promise.resolve(ready);
    }
    return within(new Promise((resolve) => this.#waiting.push(resolve)), 'a message');
  }

  async signIn(token: string): Promise<void> {
    this.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    const { type } = await this.next();
    if (type !== 'connection_ack') throw new Error(`not signed in but told ${type}`);
  }

  /** Sends an operation; @returns its id */
  subscribe(query: string, variables: Record<string, unknown> = {}, id: string = randomUUID()): string {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
    return id;
  }

  /** Asks a query or a mutation and waits for its one answer, reading nothing else meanwhile. */
  async gql<Data = Record<string, never>>(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<SocketAnswer<Data>> {
    const id = this.subscribe(query, variables);
    const answer = await this.next();
    if (answer.id !== id) throw new Error(`another operation was answered: ${JSON.stringify(answer)}`);
    if (answer.type === 'error') return { errors: answer.payload as NonNullable<SocketAnswer<Data>['errors']> };
    const complete = await this.next();
    if (complete.type !== 'complete') throw new Error(`not completed: ${JSON.stringify(complete)}`);
    return answer.payload as SocketAnswer<Data>;
  }

  /** How the server closed it. */
  ended(): Promise<{ code: number; reason: string }> {
    return within(this.closed, 'the end of the socket');
  }

  /** Resolves when nothing has come for a while. */
  async silence(ms = 200): Promise<void> {
    const before = this.received.length;
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (this.received.length > before) throw new Error(`not silent: ${JSON.stringify(this.received.slice(before))}`);
  }

  close(code = 1000): void {
    this.ws.close(code);
  }

  terminate(): void {
    this.ws.terminate();
  }
}

async function within<T>(promise: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ANSWER_MS_MAX} ms for ${what}`)), ANSWER_MS_MAX);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
