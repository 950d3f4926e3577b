import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

const root = fileURLToPath(new URL('.', import.meta.url));
const page = join(root, 'src/main.tsx');
const words = process.env['WORDS_DIR'] ?? 'src/words';

const sourceOf = (importer: string, name: string): string | null => {
  const file = resolve(dirname(importer), name).replace(/\.js$/, '');
  return [`${file}.ts`, `${file}.tsx`].find((each) => existsSync(each)) ?? null;
};

const catalogueOf = (entry: string): string => basename(entry).replace(/\.tsx?$/, '');

/** Whether code that is fetched later brings a catalogue of its own: it then imports it. */
const hasOwn = (entry: string): boolean => readFileSync(entry, 'utf8').includes(`/words/en/${catalogueOf(entry)}.po'`);

/** What has a catalogue of its own. */
const later = new Set<string>();

/** A source and all that it imports, however far, also what is fetched later, unless that has a catalogue of its own. */
function withImports(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  const source = readFileSync(entry, 'utf8');
  for (const [, always, whenNeeded] of source.matchAll(
    /^(?:import|export)\b[^;]*?from '(\.[^']+)'|\bimport\('(\.[^']+)'\)/gm,
  )) {
    const imported = sourceOf(entry, always ?? whenNeeded ?? '');
    if (imported === null) continue;
    if (whenNeeded !== undefined && hasOwn(imported)) later.add(imported);
    else withImports(imported, found);
  }
  return found;
}

const first = withImports(page);
const named = (file: string): string => relative(root, file);

/**
 * One catalogue for the page, and one for each room, or part of one, that is fetched later and imports it: it costs the first
 * view nothing. Which sentence is in which follows from the imports.
 */
export default defineConfig({
  rootDir: root,
  sourceLocale: 'en',
  locales: ['en'],
  catalogs: [
    { path: `<rootDir>/${words}/{locale}/page`, include: [...first].map(named) },
    ...[...later].map((entry) => ({
      path: `<rootDir>/${words}/{locale}/${catalogueOf(entry)}`,
      include: [...withImports(entry)].filter((file) => !first.has(file)).map(named),
    })),
  ],
  format: formatter({ origins: false, lineNumbers: false }),
});
