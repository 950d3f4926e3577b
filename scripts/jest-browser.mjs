/** One browser for the whole run of the browser tests; each page has a profile of its own in it (client/e2e/stage.ts). */
import { chromium } from 'playwright-core';

import { ensureHeadlessShell } from './chromium.mjs';

const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export default async function setUp() {
  const executablePath = await ensureHeadlessShell();
  if (!executablePath) throw new Error('The browser tests need a Chromium.');
  const browser = await chromium.launchServer({ executablePath, args: ARGS });
  process.env.TEST_BROWSER = browser.wsEndpoint();
  globalThis.stopTestBrowser = () => browser.close();
}
