import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import config from '../../lingui.config.js';

const folder = fileURLToPath(new URL('.', import.meta.url));
const page = readFileSync(new URL('../../index.html', import.meta.url), 'utf8');

test('the page offers the languages that sentences are translated to', () => {
  const offered = /<meta name="languages" content="([^"]+)"/.exec(page)?.[1]?.split(' ');
  const present = readdirSync(folder).filter((name) => existsSync(`${folder}${name}/page.po`));
  expect(offered?.toSorted()).toEqual(present.toSorted());
  expect(config.locales.toSorted()).toEqual(present.toSorted());
});
