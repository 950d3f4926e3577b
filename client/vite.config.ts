import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import globalData from '@csstools/postcss-global-data';
import { lingui } from '@lingui/vite-plugin';
import react from '@vitejs/plugin-react';
import customMedia from 'postcss-custom-media';
import { defaultClientConditions, defineConfig } from 'vite';
import type { Plugin } from 'vite';
import { firstView } from './first-view.js';
import { operationParts } from './operation-parts.js';
import { wordMacros } from './word-macros.js';

const server = process.env['API_URL'] ?? 'http://127.0.0.1:4000';

/** Lays a .br and a .gz beside every script and style, so that the server compresses nothing while it serves. */
const compressed: Plugin = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir = '' }, bundle) {
    for (const name of Object.keys(bundle).filter((each) => /\.(js|css)$/.test(each))) {
      const file = join(dir, name);
      const content = readFileSync(file);
      writeFileSync(`${file}.br`, brotliCompressSync(content));
      writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

/** What the sentences need: the macros that ask for them, and the catalogues. */
const words = [wordMacros(), lingui({ configPath: fileURLToPath(new URL('lingui.config.ts', import.meta.url)) })];

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  // The page's files are named from where it lies: the server writes below which path that is, and may be moved without a build.
  base: './',
  plugins: [
    operationParts(),
    ...words,
    react(),
    firstView(fileURLToPath(new URL('src/app/rooms.tsx', import.meta.url))),
    compressed,
  ],
  css: {
    postcss: {
      plugins: [
        globalData({ files: [fileURLToPath(new URL('src/ui/breakpoints.css', import.meta.url))] }),
        customMedia(),
      ],
    },
  },
  resolve: {
    // RxJS for browsers that have classes: 1.6 kB less, gzipped, without the code that stands in for them.
    conditions: ['es2015', ...defaultClientConditions],
    alias: { '@aibc/shared': fileURLToPath(new URL('../shared/src', import.meta.url)) },
  },
  server: {
    port: Number(process.env['CLIENT_PORT'] ?? 4200),
    host: '127.0.0.1',
    proxy: {
      // The host stays as the browser sent it: the server lets only pages of its own origin open a WebSocket.
      '/graphql': { target: server, ws: true },
      '/demo': { target: server },
      '/sign-in': { target: server },
    },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Small assets stay files: the content security policy allows none within scripts and styles.
    assetsInlineLimit: 0,
    target: 'es2023',
    // The browsers that know light-dark(): without it the page would carry every colour twice.
    cssTarget: ['chrome123', 'edge123', 'firefox120', 'safari17.5'],
    rolldownOptions: {
      output: {
        // Each runs in a task of its own, and stays in the browser's cache until its version changes.
        codeSplitting: {
          groups: [
            {
              name: 'react',
              test: /rolldown[/:]runtime|node_modules\/(react|react-dom|scheduler|use-sync-external-store)\//,
            },
            { name: 'words', test: /node_modules\/@lingui\/|\/src\/words\/en\/page/ },
            // What the page shares with rooms that come later would otherwise be a dozen scripts.
            {
              name: 'page',
              test: /\/src\/(ui\/(format|time|language|Button|waiting|Part|reading|Skeleton|Announce|announcer|made-once)\.|apollo\/(retry|reading)\.|domain\/(balance|account|offers)\.)/,
            },
            { name: 'graphql', test: /node_modules\/(@apollo|@wry|graphql|graphql-ws|optimism|rxjs)\// },
          ],
        },
      },
    },
  },
});
