import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/* Where a comment or the schema says which rule it follows, that rule is there. */

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAMED = /^(?:\s*\/?\*.*Source|\s*Rules): (docs\/[^\n]*)/gm;

/** `docs/domain.md, Amounts; Idempotency; docs/api.md, Answers`: each page with its sections. */
function* rulesIn(text: string): Generator<readonly [page: string, section: string | null]> {
  let page = '';
  for (const part of text
    .replace(/\s*(\*\/.*)?$/, '')
    .replace(/\.$/, '')
    .split(/;\s*/)) {
    const [, named, section] = /^(docs\/[\w/-]+\.md)(?:, (.*))?$/.exec(part) ?? [];
    page = named ?? page;
    yield [page, named === undefined ? part : (section ?? null)];
  }
}

async function headingsOf(page: string): Promise<readonly string[]> {
  const text = existsSync(`${ROOT}${page}`) ? await readFile(`${ROOT}${page}`, 'utf8') : '';
  return text.split('\n').flatMap((line) => /^#+ (.*)/.exec(line)?.[1] ?? []);
}

async function texts(): Promise<readonly (readonly [name: string, text: string])[]> {
  const names: string[] = ['schema.graphql'];
  for (const folder of ['server/src', 'shared/src'])
    for (const name of await readdir(`${ROOT}${folder}`, { recursive: true }))
      if (/(?<!\.test)\.tsx?$/.test(name)) names.push(`${folder}/${name}`);
  return Promise.all(names.map(async (name) => [name, await readFile(`${ROOT}${name}`, 'utf8')] as const));
}

test('every rule that is named as a source is a section of its page', async () => {
  const headings = new Map<string, readonly string[]>();
  const missing: string[] = [];
  let named = 0;
  for (const [name, text] of await texts())
    for (const [, rules = ''] of text.matchAll(NAMED))
      for (const [page, section] of rulesIn(rules)) {
        named += 1;
        const known = headings.get(page) ?? (await headingsOf(page));
        headings.set(page, known);
        if (known.length === 0 || (section !== null && !section.startsWith('https://') && !known.includes(section)))
          missing.push(`${name}: ${page}, ${section ?? ''}`);
      }
  expect(named).toBeGreaterThan(100);
  expect(missing).toEqual([]);
});
