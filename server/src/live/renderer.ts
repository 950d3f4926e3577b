import type { FormattedExecutionResult } from 'graphql';
import { isAscii } from './text-frame.js';

/** Executes an operation over one payload and masks the errors of the answer. */
export type ExecutePayload = (payload: unknown) => FormattedExecutionResult | Promise<FormattedExecutionResult>;

/** A `next` message up to the id of the operation, made once for all who are sent it. */
export interface Body {
  /** What follows is the id in JSON and `}`. */
  readonly text: string;
  readonly isAscii: boolean;
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
  const text = `{"type":"next","payload":${JSON.stringify(result)},"id":`;
  return { text, isAscii: isAscii(text) };
}

function ignore(): void {
  // The error reaches those who wait for this body; later bodies are made all the same.
}
