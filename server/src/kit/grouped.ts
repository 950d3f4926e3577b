const numbers = new Intl.NumberFormat('en');

/** A number for a person, in every sentence the same way: `1,000`. */
export function grouped(value: number): string {
  return numbers.format(value);
}
