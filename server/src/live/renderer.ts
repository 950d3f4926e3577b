import type { FormattedExecutionResult } from 'graphql';

/** Executes an operation over one payload and masks the errors of the answer. */
export type ExecutePayload = (payload: unknown) => FormattedExecutionResult | Promise<FormattedExecutionResult>;

/**
 * Makes the body of a `next` message of one operation: a document, the operation in it, and its variables.
 *
 * Whatever the number of sockets, a value is executed and serialised once; values come in the order in which they are to be sent,
 * and so do the bodies.
 */
export class Renderer<Raw extends object> {
  readonly #bodies = new WeakMap<Raw, string | Promise<string>>();
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

  /** JSON of the result; a promise only if some resolver of the operation gave one. */
  render(raw: Raw): string | Promise<string> {
    const known = this.#bodies.get(raw);
    if (known !== undefined) return known;
    const body = this.#last === null ? this.#run(raw) : this.#last.then(() => this.#run(raw));
    if (typeof body !== 'string') {
      this.#last = body.catch(ignore);
      body.then((text) => this.#keep(raw, text), ignore);
    }
    this.#keep(raw, body);
    return body;
  }

  #keep(raw: Raw, body: string | Promise<string>): void {
    // For one user nothing is kept: nobody asks twice.
    if (this.#users > 1) this.#bodies.set(raw, body);
  }

  #run(raw: Raw): string | Promise<string> {
    const result = this.execute(this.show(raw));
    return result instanceof Promise ? result.then((settled) => JSON.stringify(settled)) : JSON.stringify(result);
  }
}

function ignore(): void {
  // Whoever waits for this body is told; the next one does not depend on it.
}
