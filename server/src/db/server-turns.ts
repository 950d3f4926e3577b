import type pg from 'pg';

/**
 * Notices that the database is another server than before: after a failover, a restart, or when its name was moved.
 *
 * Older connections may still lead to the server of before, which goes on answering with old data. So whoever
 * keeps connections drops those it has on each turn, and makes new ones.
 */
export class ServerTurns {
  readonly #listeners = new Set<() => void>();
  /** For each connection, how many turns there had been when it was made. */
  readonly #madeAfter = new WeakMap<object, number>();
  #server: string | null = null;
  #turns = 0;

  /** Notes a new connection and the server it leads to. */
  seen(client: object, { server }: { readonly server: string }): void {
    const isTurn = this.#server !== null && this.#server !== server;
    this.#server = server;
    if (isTurn) this.#turn();
    this.#madeAfter.set(client, this.#turns);
  }

  /** Notes that a connection can no longer write: it leads to a server that is no longer the primary. */
  readOnly(): void {
    this.#turn();
  }

  /** Whether a connection was made before the last turn. */
  isLeftBehind(client: object): boolean {
    return (this.#madeAfter.get(client) ?? 0) < this.#turns;
  }

  /** Calls `listener` on each turn; returns the undo. */
  onTurn(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #turn(): void {
    this.#turns++;
    for (const listener of this.#listeners) listener();
  }
}

/** Has a pool give up, on each turn, the connections that it has: those at rest at once, those in use when they come back. */
export function dropOnTurn(pool: pg.Pool, turns: ServerTurns): void {
  pool.on('release', (_error, client) => {
    // The pool removes a connection that is ending instead of lending it again.
    if (turns.isLeftBehind(client)) void client.end().catch(() => {});
  });
  turns.onTurn(() => {
    for (let idle = pool.idleCount; idle > 0; idle--) {
      void pool.connect().then(
        (client) => client.release(),
        () => {},
      );
    }
  });
}
