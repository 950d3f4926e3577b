import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/* One word for each thing: what a file of the ledger or of live delivery is called can be looked up. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Words that only join others. */
const JOINING = new Set(['a', 'after', 'by', 'more', 'of', 'to']);

const PRODUCT_FILE = /^(?!test-).*(?<!\.test)\.ts$/;

async function glossary(): Promise<ReadonlySet<string>> {
  const text = await readFile(`${ROOT}docs/glossary.md`, 'utf8');
  const entries = text.split('\n').flatMap((line) => /^\| ([^|]+) \|/.exec(line)?.[1] ?? []);
  return new Set(entries.flatMap((entry) => entry.toLowerCase().split(/[^a-z]+/)));
}

/** A word as it may stand in the glossary: itself, or of a plural its singular. */
function spellings(word: string): readonly string[] {
  return [word, word.replace(/ies$/, 'y'), word.replace(/s$/, ''), `${word}s`];
}

/** The words of file and folder names below a folder, each with a file that has it. */
async function wordsOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const words = new Map<string, string>();
  for (const path of await readdir(`${ROOT}server/src/${folder}`, { recursive: true })) {
    const name = path.split('/').at(-1) ?? '';
    if (!PRODUCT_FILE.test(name)) continue;
    for (const word of path.replace(/(\.types)?\.ts$/, '').split(/[^a-z]+/)) words.set(word, `${folder}/${path}`);
  }
  return words;
}

test.each(['ledger', 'live'])('every word of a file name in %s is in the glossary', async (folder) => {
  const known = await glossary();
  const words = await wordsOf(folder);
  expect(words.size).toBeGreaterThan(20);
  const unknown = [...words].filter(([word]) => !JOINING.has(word) && !spellings(word).some((one) => known.has(one)));
  expect(Object.fromEntries(unknown)).toEqual({});
});

test('a word has one meaning: none stands in the glossary twice', async () => {
  const text = await readFile(`${ROOT}docs/glossary.md`, 'utf8');
  const entries = text.split('\n').flatMap((line) => /^\| ([a-z][^|]*) \|/.exec(line)?.[1] ?? []);
  const words = entries.filter((entry) => entry !== 'word');
  expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
});
