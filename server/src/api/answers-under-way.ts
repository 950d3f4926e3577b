import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The answers of an HTTP server that are not finished: those being written, and those that wait for them on their connection. */
export class AnswersUnderWay implements Iterable<ServerResponse> {
  readonly #answers = new Set<ServerResponse>();

  /** Make it before anything else listens for requests of this server. */
  constructor(server: Server) {
    const answers = this.#answers;
    // One function for all, which Node calls on the response.
    const answered = function answered(this: ServerResponse): void {
      answers.delete(this);
    };
    server.on('request', (_request, response) => {
      answers.add(response);
      response.on('close', answered);
    });
  }

  get size(): number {
    return this.#answers.size;
  }

  [Symbol.iterator](): IterableIterator<ServerResponse> {
    return this.#answers.values();
  }

  /** The answer that is being written on a connection; null: none is. Of the answers to one connection Node gives it to one at a time. */
  on(connection: Duplex): ServerResponse | null {
    for (const answer of this.#answers) if (answer.socket === connection) return answer;
    return null;
  }
}
