/** `node --import ./scripts/typescript.mjs x.ts` runs TypeScript as it is, for development; the build uses tsc. */
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
