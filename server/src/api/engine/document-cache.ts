import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** Source: docs/operations.md, Memory */
const BYTES_MAX = 32 * 1024 * 1024;
/** Longer ones are parsed each time: they are mostly values that should have been variables. */
const CHARACTERS_MAX = 10_000;
/** Measured at 985 fields in one selection, the dearest way to spend a token: its place in the text, a node, two locations. */
const BYTES_PER_TOKEN = 500;
const BYTES_PER_CHARACTER = 2;

interface Kept {
  readonly document: DocumentNode;
  /** How Apollo Server names the text, once it has. */
  hash: string | null;
  /** What is remembered beside the document: recipes. */
  readonly bytesBeside: number;
}

/**
 * The documents used last, found by their text or by a hash of it; the ones unused longest make room, by what they weigh.
 *
 * Both doors share one. Only what was valid and came from somebody who had signed in is kept, so that strangers can neither fill the
 * memory nor push others' documents out.
 */
export class DocumentCache {
  readonly #byText: LRUCache<string, Kept>;
  readonly #byHash = new Map<string, Kept>();

  constructor(bytesMax = BYTES_MAX) {
    this.#byText = new LRUCache<string, Kept>({
      maxSize: bytesMax,
      dispose: ({ hash }) => {
        if (hash !== null) this.#byHash.delete(hash);
      },
    });
  }

  /** What is kept weighs so much, as estimated. */
  get bytes(): number {
    return this.#byText.calculatedSize;
  }

  find(text: string): DocumentNode | undefined {
    return this.#byText.get(text)?.document;
  }

  findHash(hash: string): DocumentNode | undefined {
    const kept = this.#byHash.get(hash);
    // A look-up by hash counts as a use, too.
    return kept === undefined ? undefined : this.#byText.get(textOf(kept.document))?.document;
  }

  keep(document: DocumentNode, hash: string | null): void {
    const text = textOf(document);
    if (text.length > CHARACTERS_MAX) return;
    let kept = this.#byText.peek(text);
    if (kept === undefined) {
      kept = { document, hash: null, bytesBeside: 0 };
      this.#byText.set(text, kept, { size: bytesOf(document) });
      // Too large for the whole cache.
      if (!this.#byText.has(text)) return;
    }
    if (hash === null || kept.hash !== null) return;
    kept.hash = hash;
    this.#byHash.set(hash, kept);
  }

  /** Takes note of what a kept document's recipes weigh. */
  grow(document: DocumentNode, bytes: number): void {
    const text = textOf(document);
    const kept = this.#byText.peek(text);
    if (kept?.document !== document) return;
    // A value of its own, since the cache weighs a value once.
    const grown: Kept = { ...kept, bytesBeside: kept.bytesBeside + bytes };
    this.#byText.set(text, grown, { size: bytesOf(document) + grown.bytesBeside });
    if (grown.hash !== null && this.#byText.has(text)) this.#byHash.set(grown.hash, grown);
  }
}

function textOf(document: DocumentNode): string {
  return document.loc?.source.body ?? '';
}

function bytesOf(document: DocumentNode): number {
  let tokens = 0;
  for (let token = document.loc?.startToken ?? null; token !== null; token = token.next) tokens += 1;
  return 1 + tokens * BYTES_PER_TOKEN + textOf(document).length * BYTES_PER_CHARACTER;
}
