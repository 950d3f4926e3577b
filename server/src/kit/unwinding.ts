/** What has been opened, to be closed in reverse. */
export class Unwinding {
  readonly #steps: (() => Promise<unknown> | void)[] = [];
  #closing: Promise<void> | null = null;

  /** @param onError  told of a step that failed; the steps before it are taken all the same */
  constructor(private readonly onError: (error: unknown) => void) {}

  /** Adds what closes the thing just opened. */
  push(step: () => Promise<unknown> | void): void {
    this.#steps.push(step);
  }

  /** Closes everything, the last first; calling it again waits for the first call. */
  close(): Promise<void> {
    this.#closing ??= this.#unwind();
    return this.#closing;
  }

  async #unwind(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        this.onError(error);
      }
    }
  }
}
