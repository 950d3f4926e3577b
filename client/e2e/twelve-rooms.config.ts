import { fileURLToPath } from 'node:url';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { firstView } from '../first-view.js';
import { operationParts } from '../operation-parts.js';
import config from '../vite.config.js';
import { wordMacros } from '../word-macros.js';

const words = fileURLToPath(new URL('../lingui.config.ts', import.meta.url));
const table = fileURLToPath(new URL('twelve-rooms.tsx', import.meta.url));

/** The product's own build, with another table of rooms in it. */
const twelveRooms: Plugin = {
  name: 'twelve-rooms',
  enforce: 'pre',
  resolveId: (source, importer) => (source === './rooms.js' && importer?.includes('/src/app/') ? table : null),
};

export default {
  ...config,
  plugins: [operationParts(), twelveRooms, wordMacros(), lingui({ configPath: words }), react(), firstView(table)],
};
