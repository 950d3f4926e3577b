import { ensureProgram } from './system-program.mjs';

/** The browser for the browser tests. @returns its path, or null after saying how to get one */
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
