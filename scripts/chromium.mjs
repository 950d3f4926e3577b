import { ensureProgram } from './system-program.mjs';

/** A whole Chromium, to measure with. @returns its path, or null after saying how to get one */
export const ensureChromium = () =>
  ensureProgram({
    name: 'Chromium',
    places: [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
      '/snap/bin/chromium',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    packages: ['chromium', 'fonts-liberation'],
    purpose: 'the browser tests',
    variable: 'CHROMIUM_PATH',
  });

/**
 * The browser for the browser tests: the same engine without windows, tabs and profiles of its own, where a page costs half. Where it cannot
 * be had, the whole Chromium stands in for it.
 *
 * @returns its path, or null after saying how to get one
 */
export async function ensureHeadlessShell() {
  const shell = await ensureProgram({
    name: 'headless shell of Chromium',
    places: ['/usr/bin/chromium-headless-shell'],
    packages: ['chromium-headless-shell', 'fonts-liberation'],
    purpose: 'the browser tests',
    variable: 'CHROMIUM_PATH',
  });
  return shell ?? ensureChromium();
}
