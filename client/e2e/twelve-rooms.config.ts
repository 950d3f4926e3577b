import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import type { Plugin } from 'vite';
import { firstView } from '../first-view.js';
import config from '../vite.config.js';

const table = fileURLToPath(new URL('twelve-rooms.tsx', import.meta.url));

/** The product's own build, with another table of rooms in it. */
const twelveRooms: Plugin = {
  name: 'twelve-rooms',
  enforce: 'pre',
  resolveId: (source, importer) => (source === './rooms.js' && importer?.includes('/src/app/') ? table : null),
};

export default { ...config, plugins: [twelveRooms, react(), firstView(table)] };
