/**
 * `npm run screens`: every room of the demo as pictures below docs/screens, in both themes and three widths, and in a language that
 * is written from right to left where there is one.
 *
 * Options: `--to <folder>`, `--format webp|png`, `--room /usage` (again for each further one), `--width 360`, `--scheme dark`,
 * `--language ar`, `--as free`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';

import { ensureHeadlessShell } from './chromium.mjs';
import { startDemoServer } from './demo-server.mjs';
import { ensureBuilt, ensureInstalled, ensureNode, root } from './project.mjs';

const { values } = parseArgs({
  options: {
    to: { type: 'string', default: join(root, 'docs/screens') },
    format: { type: 'string', default: 'webp' },
    room: { type: 'string', multiple: true },
    width: { type: 'string', multiple: true, default: ['360', '768', '1440'] },
    scheme: { type: 'string', multiple: true, default: ['light', 'dark'] },
    language: { type: 'string', multiple: true },
    as: { type: 'string', default: 'pro' },
  },
});
const HEIGHTS = { 360: 780, 768: 1_024, 1440: 900 };
const HEIGHT_MAX = 4_000;
const QUALITY = 70;

ensureNode();
await ensureInstalled();
await ensureBuilt();
const executablePath = await ensureHeadlessShell();
if (!executablePath) process.exit(1);

/** A room in one look, once nothing is fetched and nothing moves any more; the whole page. */
async function picture(browser, url, { width, scheme, language }) {
  const page = await browser.newPage({
    viewport: { width, height: HEIGHTS[width] ?? 900 },
    colorScheme: scheme,
    locale: language,
    reducedMotion: 'reduce',
  });
  try {
    await page.goto(url);
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(1_000);
    // A screen as high as the page, so that what stands still while one scrolls is drawn along all of it.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    if (height > page.viewportSize().height)
      await page.setViewportSize({ width, height: Math.min(height, HEIGHT_MAX) });
    await page.waitForTimeout(500);
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.captureScreenshot', {
      format: values.format,
      ...(values.format === 'png' ? {} : { quality: QUALITY }),
    });
    return Buffer.from(data, 'base64');
  } finally {
    await page.close();
  }
}

const server = await startDemoServer();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  mkdirSync(values.to, { recursive: true });
  const page = await (await fetch(server.url)).text();
  const offered = /<meta name="languages" content="([^"]+)"/.exec(page)?.[1]?.split(' ') ?? ['en'];
  const languages = values.language ?? offered.filter((language) => language === 'en' || language === 'ar');
  for (const room of values.room ?? server.rooms)
    for (const language of languages)
      for (const scheme of values.scheme)
        for (const width of values.width.map(Number)) {
          // One look is enough to see what right to left does.
          if (language !== 'en' && values.language === undefined && (scheme === 'dark' || width === 768)) continue;
          const name = [room === '/' ? 'dashboard' : room.slice(1).replaceAll('/', '-'), language, scheme, width];
          const file = `${name.filter((part) => part !== 'en').join('-')}.${values.format}`;
          const address = `${server.url}${room}${room.includes('?') ? '&' : '?'}as=${values.as}`;
          writeFileSync(join(values.to, file), await picture(browser, address, { width, scheme, language }));
          console.log(file);
        }
} finally {
  await browser.close();
  await server.stop();
}
