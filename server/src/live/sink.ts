/** Where a feed's values go: a socket or an iterator. A feed pushes only what a ready sink takes, in order. */
export interface Sink<T> {
  /** Whether it takes a value now; asked before each push. */
  readonly ready: boolean;
  /** Never throws: what goes wrong ends the sink's own reader. */
  push(value: T): void;
  /** Ends it with an error that its reader is told. */
  fail(error: Error): void;
}

/** A reader's place in a feed. After `close` returns, nothing more is pushed. */
export interface Attachment {
  close(): void;
}

/** Begins to push into a sink, listening at once and reading afterwards, so that nothing falls in between. */
export type Attach<T> = (sink: Sink<T>) => Attachment;
