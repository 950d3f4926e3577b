/**
 * How many rows one page of a filtered list looks at, at most. Where a filter lets so few through that a page is not full by then, the page says
 * where the search stopped, and the next goes on from there.
 */
export const SEARCHED_MAX = 10_000;

/** Conditions of one statement, with their parameters. */
export class Conditions {
  readonly values: unknown[] = [];

  /** A value as a parameter of the statement: `$3`. */
  value(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  /** Texts joined by AND; null is no condition. */
  all(...parts: readonly (string | null)[]): string {
    const said = parts.filter((part) => part !== null);
    return said.length === 0 ? 'true' : said.join(' AND ');
  }
}
