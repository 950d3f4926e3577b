import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('what the proofs, the bench and the scripts import of the build has a source, so that a move of it leaves none behind', () => {
  const files = ['proof', 'bench', 'scripts'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.mjs'))
      .map((name) => `${folder}/${name}`),
  );
  const imported = files.flatMap((file) =>
    [...readFileSync(`${root}${file}`, 'utf8').matchAll(/server\/dist\/([\w/.-]+)\.js/g)].map(([, module]) => ({
      file,
      source: `server/src/${module ?? ''}.ts`,
    })),
  );
  expect(imported.length).toBeGreaterThan(20);
  expect(imported.filter(({ source }) => !existsSync(`${root}${source}`))).toEqual([]);
});
