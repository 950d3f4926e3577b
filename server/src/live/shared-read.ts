/**
 * One read for all who ask at about the same time.
 *
 * Whoever asks while a read is under way is given the next one, so that every answer was read after it was asked for.
 */
export class SharedRead<T> {
  #running: Promise<T> | null = null;
  #next: Promise<T> | null = null;

  constructor(private readonly read: () => Promise<T>) {}

  get(): Promise<T> {
    if (this.#running === null) return this.#start();
    return (this.#next ??= this.#running.then(ignore, ignore).then(() => {
      this.#next = null;
      return this.#start();
    }));
  }

  #start(): Promise<T> {
    const running = this.read();
    this.#running = running;
    const done = (): void => {
      if (this.#running === running) this.#running = null;
    };
    running.then(done, done);
    return running;
  }
}

function ignore(): void {
  // A failure rejects for those who asked for this read; the next read runs all the same.
}
