import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@lingui/cli';
import { formatter } from '@lingui/format-po';

const root = fileURLToPath(new URL('.', import.meta.url));
const page = join(root, 'src/main.tsx');
/** Whose `import()`s are rooms, and parts of rooms, that are fetched when they are needed. */
const table = join(root, 'src/app/rooms.tsx');

const sourceOf = (importer: string, name: string): string | null => {
  const file = resolve(dirname(importer), name).replace(/\.js$/, '');
  return [`${file}.ts`, `${file}.tsx`].find((each) => existsSync(each)) ?? null;
};

/** A source and all that it imports, however far; what is imported only when it is needed is not among it. */
function withImports(entry: string, found = new Set<string>()): Set<string> {
  if (found.has(entry)) return found;
  found.add(entry);
  for (const [, name = ''] of readFileSync(entry, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from '(\.[^']+)'/gm)) {
    const source = sourceOf(entry, name);
    if (source !== null) withImports(source, found);
  }
  return found;
}

const first = withImports(page);
const later = [...readFileSync(table, 'utf8').matchAll(/import\('(\.[^']+)'\)/g)].map(([, name = '']) => {
  const entry = sourceOf(table, name);
  if (entry === null) throw new Error(`${name} of ${table} is not there`);
  return entry;
});

const words = process.env['WORDS_DIR'] ?? 'src/words';
const named = (file: string): string => relative(root, file);

/**
 * One catalogue for what the page needs at once, and one for each room, or part of one, that is fetched later: it comes with
 * that code and costs the first view nothing. Which sentence is in which follows from the imports.
 */
export default defineConfig({
  rootDir: root,
  sourceLocale: 'en',
  locales: ['en'],
  catalogs: [
    { path: `<rootDir>/${words}/{locale}/page`, include: [...first].map(named) },
    ...later.map((entry) => ({
      path: `<rootDir>/${words}/{locale}/${/(\w+)\.tsx?$/.exec(entry)?.[1] ?? ''}`,
      include: [...withImports(entry)].filter((file) => !first.has(file)).map(named),
    })),
  ],
  format: formatter({ origins: false, lineNumbers: false }),
});
