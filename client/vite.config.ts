import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = process.env['API_URL'] ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [react()],
  resolve: {
    alias: { '@aibc/shared': fileURLToPath(new URL('../shared/src', import.meta.url)) },
  },
  server: {
    port: Number(process.env['CLIENT_PORT'] ?? 4200),
    host: '127.0.0.1',
    proxy: {
      '/graphql': { target: server, ws: true, changeOrigin: true },
      '/demo': { target: server, changeOrigin: true },
    },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The server sends no inline script or style (its CSP forbids both), so small assets stay files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2023',
  },
});
