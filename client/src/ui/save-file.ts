/** The kinds of files that are exported. */
export type FileKind = 'csv' | 'json';

const types: Readonly<Record<FileKind, string>> = { csv: 'text/csv;charset=utf-8', json: 'application/json' };

/** Gives the viewer a file, as a download does. */
export function saveFile(name: string, kind: FileKind, parts: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type: types[kind] }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${fileName(name)}.${kind}`;
  link.click();
  // The browser has taken it once the press is over.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A text as every system takes it for a file's name: letters and digits of any language, the rest hyphens. */
export function fileName(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 120);
}
