/** A description of the schema that has several paragraphs, as tools that read the schema show them. */
export function paragraphs(...parts: readonly string[]): string {
  return parts.join('\n\n');
}
