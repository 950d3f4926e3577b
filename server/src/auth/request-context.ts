import type { Caller } from './caller.js';

/** What every resolver is given, over HTTP and over the WebSocket alike. */
export interface RequestContext {
  /** null: nobody has signed in. */
  readonly caller: Caller | null;
  /** Names this request in logs and in the answer to an internal error. */
  readonly requestId: string;
}
