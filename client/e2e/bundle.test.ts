import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const gzippedKb = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1_000;

/** What the page itself asks for: scripts, preloaded modules and styles. */
const firstLoad = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '');
const scripts = firstLoad.filter((file) => file.endsWith('.js'));
const styles = firstLoad.filter((file) => file.endsWith('.css'));

test('the scripts of the first load are at most 165 kB, gzipped', () => {
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((sum, file) => sum + gzippedKb(file), 0)).toBeLessThanOrEqual(165);
});

test('the styles of the first load are at most 12 kB, gzipped', () => {
  expect(styles.reduce((sum, file) => sum + gzippedKb(file), 0)).toBeLessThanOrEqual(12);
});

test('no chunk that comes later is larger than 40 kB, gzipped', () => {
  const later = readdirSync(join(dist, 'assets'))
    .map((name) => `assets/${name}`)
    .filter((file) => file.endsWith('.js') && !firstLoad.includes(file));
  expect(later.length).toBeGreaterThan(0);
  for (const file of later) expect([file, gzippedKb(file) <= 40]).toEqual([file, true]);
});

test('the page keeps its placeholders and carries no inline script or style', () => {
  expect(html.match(/<!--stamp:head-->/g)).toHaveLength(1);
  expect(html.match(/<!--stamp:balance-->/g)).toHaveLength(2);
  expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
  expect(html).not.toMatch(/<style|\sstyle=/);
});

test('every script and style lies beside its compressed forms, which are the same file', () => {
  for (const file of firstLoad.filter((each) => each.startsWith('assets/'))) {
    const content = readFileSync(join(dist, file));
    expect(brotliDecompressSync(readFileSync(join(dist, `${file}.br`))).equals(content)).toBe(true);
    expect(gunzipSync(readFileSync(join(dist, `${file}.gz`))).equals(content)).toBe(true);
  }
});
