import { readdir } from 'node:fs/promises';
import type { Edition } from './edition.js';

const FOLDER = new URL('./editions/', import.meta.url);

/** `0002-music.js` in the build, `.ts` where the sources run as they are. */
const FILE = /^(\d{4}-[a-z0-9-]+)\.(?:js|ts)$/;

/**
 * The editions of this version of the program, oldest first: the files of `editions/`, so that a new one is a new file and nothing else.
 *
 * @throws Error when a number is missing or comes twice, or when a file does not hold the edition of its name
 * Source: docs/decisions/editions.md
 */
export async function readEditions(): Promise<readonly Edition[]> {
  const names = (await readdir(FOLDER)).flatMap((file) => FILE.exec(file)?.[1] ?? []).sort();
  const editions = await Promise.all(
    names.map(async (name) => ((await import(`./editions/${name}.js`)) as { readonly edition: Edition }).edition),
  );
  for (const [index, { number }] of editions.entries())
    if (number !== index + 1 || !names[index]?.startsWith(String(number).padStart(4, '0')))
      throw new Error(`editions/${names[index]} has the number ${number}, where ${index + 1} is due.`);
  return editions;
}
