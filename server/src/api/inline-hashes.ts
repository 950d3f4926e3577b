import { createHash } from 'node:crypto';

/** The scripts and styles that stand in a page, as sources of a content security policy. */
export interface Inline {
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

const SCRIPTS = /<script>([^]*?)<\/script>/g;
const STYLES = /<style>([^]*?)<\/style>/g;

let last: { readonly html: string; readonly inline: Inline } = { html: '', inline: { scripts: [], styles: [] } };

/**
 * What stands in a page as it was built, each by the hash of its text; elements with any attribute are not meant.
 *
 * Worked out again only when the page is another one.
 */
export function inlineOf(html: string): Inline {
  if (html !== last.html) last = { html, inline: { scripts: hashesOf(html, SCRIPTS), styles: hashesOf(html, STYLES) } };
  return last.inline;
}

function hashesOf(html: string, elements: RegExp): string[] {
  return [...html.matchAll(elements)].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
}
