import type { DocumentNode } from 'graphql';

const DOCUMENTS_MAX = 1_000;
/** Longer ones are parsed each time: they are mostly values that should have been variables. */
const DOCUMENT_CHARACTERS_MAX = 10_000;

/** The documents parsed last, by text or by a hash of it; the ones unused longest make room. Fits Apollo Server's `documentStore`. */
export class DocumentCache {
  readonly #documents = new Map<string, DocumentNode>();

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.find(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.keep(key, document);
  }

  async delete(key: string): Promise<boolean> {
    return this.#documents.delete(key);
  }

  find(key: string): DocumentNode | undefined {
    const document = this.#documents.get(key);
    if (document !== undefined) {
      this.#documents.delete(key);
      this.#documents.set(key, document);
    }
    return document;
  }

  keep(key: string, document: DocumentNode): void {
    if ((document.loc?.end ?? 0) > DOCUMENT_CHARACTERS_MAX) return;
    this.#documents.set(key, document);
    const oldest = this.#documents.size > DOCUMENTS_MAX ? this.#documents.keys().next().value : undefined;
    if (oldest !== undefined) this.#documents.delete(oldest);
  }
}
