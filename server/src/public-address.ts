import type { Env } from './env.js';

/** Where browsers and programs reach this server: as the environment says, else where it listens. */
export class PublicAddress {
  #listening: string | null = null;

  constructor(private readonly env: Pick<Env, 'publicUrl' | 'port'>) {}

  /** Without a slash at the end. */
  get url(): string {
    return this.env.publicUrl ?? this.#listening ?? `http://127.0.0.1:${this.env.port}`;
  }

  listensAt(url: string): void {
    this.#listening = url;
  }
}
