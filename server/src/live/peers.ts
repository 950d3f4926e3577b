/** A process that has not been heard of for this long is gone. */
const SILENCE_MS = 15_000;
/** After asking who is there, so long it is unknown whether somebody is. */
const ANSWER_MS = 3_000;

/** Which other processes serve the same database, by what they were heard to say. */
export class Peers {
  readonly #heardAt = new Map<string, number>();
  #knownFrom = Infinity;

  /** @param now  milliseconds of a clock that only goes forward */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Everybody was just asked to answer; until they had time to, anything is possible. */
  asked(): void {
    this.#knownFrom = this.now() + ANSWER_MS;
  }

  /** Nothing can be heard from now on. */
  deaf(): void {
    this.#knownFrom = Infinity;
  }

  heard(peer: string): void {
    this.#heardAt.set(peer, this.now());
  }

  left(peer: string): void {
    this.#heardAt.delete(peer);
  }

  /** Whether nobody else is there, for certain. */
  get alone(): boolean {
    return this.now() >= this.#knownFrom && !this.present;
  }

  /** Whether somebody else is there who was heard of lately. */
  get present(): boolean {
    for (const [peer, heardAt] of this.#heardAt) if (this.now() - heardAt > SILENCE_MS) this.#heardAt.delete(peer);
    return this.#heardAt.size > 0;
  }
}
