import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist', import.meta.url));
const html = readFileSync(join(dist, 'index.html'), 'utf8');
const gzippedKb = (file: string): number => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1_000;

/** What the page itself asks for. What a room needs beside it is only named in the page. */
const firstLoad = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map((match) => match[1] ?? '');
const scripts = firstLoad.filter((file) => file.endsWith('.js'));

test('the scripts of the first load, with the page’s sentences, are at most 165 kB, gzipped', () => {
  expect(scripts.length).toBeGreaterThan(2);
  expect(scripts.reduce((sum, file) => sum + gzippedKb(file), 0)).toBeLessThanOrEqual(165);
});

// What a server may send at once, before it hears from the browser, is 14 kB.
test('the page with its styles is at most 9 kB, gzipped', () => {
  expect(html).toContain('<style>');
  expect(gzippedKb('index.html')).toBeLessThanOrEqual(9);
});

test('no chunk that comes later is larger than 40 kB, gzipped', () => {
  const later = readdirSync(join(dist, 'assets'))
    .map((name) => `assets/${name}`)
    .filter((file) => file.endsWith('.js') && !firstLoad.includes(file));
  expect(later.length).toBeGreaterThan(0);
  for (const file of later) expect([file, gzippedKb(file) <= 40]).toEqual([file, true]);
});

test('every file that a script asks for is there', () => {
  const present = new Set(readdirSync(join(dist, 'assets')));
  const asked = [...present]
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [
      ...readFileSync(join(dist, 'assets', file), 'utf8').matchAll(/"(?:\.\/|assets\/)([\w.-]+\.(?:css|js))"/g),
    ])
    .map((match) => match[1] ?? '');
  expect(asked.length).toBeGreaterThan(2);
  expect(asked.filter((file) => !present.has(file))).toEqual([]);
});

test('the page keeps its placeholders, and waits for nothing before the first paint', () => {
  expect(html.match(/<!--stamp:head-->/g)).toHaveLength(1);
  expect(html.match(/<!--stamp:balance-->/g)).toHaveLength(2);
  expect(html).not.toMatch(/<link[^>]*stylesheet|<script(?=[^>]*\bsrc=)(?![^>]*type="module")/);
  // The server allows what stands in the page by its hash: one script, the styles, and no attribute.
  expect(html.match(/<script(?![^>]*\bsrc=)[^>]*>/g)).toEqual(['<script>']);
  expect(html).not.toMatch(/\s(style|on\w+)=/);
});

test('every script and style lies beside its compressed forms, which are the same file', () => {
  for (const file of firstLoad.filter((each) => each.startsWith('assets/'))) {
    const content = readFileSync(join(dist, file));
    expect(brotliDecompressSync(readFileSync(join(dist, `${file}.br`))).equals(content)).toBe(true);
    expect(gunzipSync(readFileSync(join(dist, `${file}.gz`))).equals(content)).toBe(true);
  }
});
