import type { FormattedExecutionResult } from 'graphql';
import { isAscii, textFrameHead } from './text-frame.js';

/** Executes an operation over one payload and masks the errors of the answer. */
export type ExecutePayload = (payload: unknown) => FormattedExecutionResult | Promise<FormattedExecutionResult>;

/** A `next` message up to the id of the operation, made once for all who are sent it. */
export class Body {
  readonly #text: string;
  readonly #isAscii: boolean;
  #framedId: string | null = null;
  #frame: string | null = null;

  /** @param text  what follows is the id in JSON and `}` */
  constructor(text: string) {
    this.#text = text;
    this.#isAscii = isAscii(text);
  }

  /** The whole message to an operation. */
  messageTo(id: string): string {
    return `${this.#text}${id}}`;
  }

  /**
   * The message as a frame in latin1, the same text again for an id as before: clients that count their operations have the same ids, and
   * putting the text together costs an eighth of writing it.
   *
   * @param id  in JSON, of ASCII characters
   * @returns null for a message with other characters, and for one that is too long
   */
  frameTo(id: string): string | null {
    if (this.#framedId === id) return this.#frame;
    const head = this.#isAscii ? textFrameHead(this.#text.length + id.length + 1) : null;
    this.#framedId = id;
    this.#frame = head === null ? null : `${head}${this.#text}${id}}`;
    return this.#frame;
  }
}

/**
 * Makes the body of a `next` message of one operation: a document, the operation in it, and its variables.
 *
 * Whatever the number of sockets, a value is executed and serialised once; values come in the order in which they are to be sent,
 * and so do the bodies.
 */
export class Renderer<Raw extends object> {
  readonly #bodies = new WeakMap<Raw, Body | Promise<Body>>();
  #last: Promise<unknown> | null = null;
  #users = 0;

  constructor(
    private readonly show: (raw: Raw) => unknown,
    private readonly execute: ExecutePayload,
    private readonly onUnused: () => void,
  ) {}

  enter(): void {
    this.#users += 1;
  }

  leave(): void {
    this.#users -= 1;
    if (this.#users === 0) this.onUnused();
  }

  /** A promise only if some resolver of the operation gave one. */
  render(raw: Raw): Body | Promise<Body> {
    const known = this.#bodies.get(raw);
    if (known !== undefined) return known;
    const body = this.#last === null ? this.#run(raw) : this.#last.then(() => this.#run(raw));
    if (body instanceof Promise) {
      this.#last = body.catch(ignore);
      body.then((settled) => this.#keep(raw, settled), ignore);
    }
    this.#keep(raw, body);
    return body;
  }

  #keep(raw: Raw, body: Body | Promise<Body>): void {
    // With one subscriber nothing is kept, since each value is asked for once.
    if (this.#users > 1) this.#bodies.set(raw, body);
  }

  #run(raw: Raw): Body | Promise<Body> {
    const result = this.execute(this.show(raw));
    return result instanceof Promise ? result.then(toBody) : toBody(result);
  }
}

function toBody(result: FormattedExecutionResult): Body {
  return new Body(`{"type":"next","payload":${JSON.stringify(result)},"id":`);
}

function ignore(): void {
  // The error reaches those who wait for this body; later bodies are made all the same.
}
