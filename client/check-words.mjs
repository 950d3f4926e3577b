/**
 * Part of `npm run check`: every sentence that the dashboard shows or says is in a catalogue, and every catalogue is what the
 * sources ask for. `npm run words -w client` brings the catalogues up to date.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { getConfig } from '@lingui/conf';
import { tool } from '../scripts/project.mjs';
import { bareWords } from './bare-words.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const source = join(root, 'src');
const words = join(source, 'words');

/** Sources without sentences of their own: tests, and what is generated. */
const isLeftOut = (file) => /(\.test\.tsx?|\.d\.ts)$|^gql\//.test(file);

const problems = [];

for (const file of readdirSync(source, { recursive: true }).filter((each) => /\.tsx?$/.test(each))) {
  if (isLeftOut(file)) continue;
  for (const { line, text } of bareWords(readFileSync(join(source, file), 'utf8')))
    problems.push(`client/src/${file}:${line} is in no catalogue: "${text}" (write it as t\`\u2026\` or in <Trans>)`);
}

// A sentence that is looked up and is in no catalogue would be shown as its id.
const { catalogs } = getConfig({ cwd: root });
const covered = new Set(catalogs.flatMap(({ include }) => include));
for (const file of readdirSync(source, { recursive: true }).filter((each) => /\.tsx?$/.test(each))) {
  const name = `src/${file}`;
  if (isLeftOut(file) || !/@lingui\/\w+\/macro/.test(readFileSync(join(root, name), 'utf8'))) continue;
  if (!covered.has(name)) problems.push(`client/${name} is reached from nowhere: its sentences are in no catalogue`);
}

// Read anew from nothing into a folder of its own, and compared: what stands in the catalogues is only looked at.
const fresh = mkdtempSync(join(root, '.words-'));
try {
  execFileSync(process.execPath, [tool('@lingui/cli', 'lingui'), 'extract', '--workers', '1'], {
    cwd: root,
    env: { ...process.env, WORDS_DIR: relative(root, fresh) },
    stdio: 'pipe',
  });
  const entriesOf = (folder, file) => {
    const text = existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '';
    // The header says when it was made.
    return text
      .split('\n\n')
      .slice(1)
      .map((each) => each.trim())
      .filter((each) => each !== '')
      .sort();
  };
  const files = new Set(
    [fresh, words].flatMap((folder) => readdirSync(folder, { recursive: true }).filter((each) => each.endsWith('.po'))),
  );
  const untranslated = {};
  for (const file of files) {
    const isSource = file.startsWith('en/') || file.startsWith('en\\');
    const [asked, kept] = [fresh, words].map((folder) => {
      const entries = entriesOf(folder, file);
      // What a translation says is nobody's business here, only that it is one of a sentence that is asked for.
      return isSource ? entries : entries.map((each) => each.replace(/^msgstr [^]*/m, ''));
    });
    if (!isSource) {
      const language = file.split(/[/\\]/)[0];
      untranslated[language] ??= 0;
      untranslated[language] += entriesOf(words, file).filter((each) => /^msgstr ""$/m.test(each)).length;
    }
    const missing = asked.filter((each) => !kept.includes(each));
    const stale = kept.filter((each) => !asked.includes(each));
    for (const each of missing) problems.push(`client/src/words/${file} lacks:\n${each}`);
    for (const each of stale) problems.push(`client/src/words/${file} has what no source asks for:\n${each}`);
  }
  for (const [language, count] of Object.entries(untranslated))
    if (count > 0) process.stdout.write(`${count} sentences are in English in ${language}\n`);
  if (files.size === 0) problems.push('There is no catalogue in client/src/words');
} finally {
  rmSync(fresh, { recursive: true });
}

if (problems.length > 0) {
  process.stdout.write(`${problems.join('\n')}\nnpm run words -w client brings the catalogues up to date.\n`);
  process.exitCode = 1;
}
