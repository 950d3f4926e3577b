import { transformAsync } from '@babel/core';
import type { TransformOptions } from '@babel/core';
import type { Plugin } from 'vite';
import { macroOptions } from './macro-options.mjs';

/** Puts lookups in the catalogues in place of Lingui's macros, before anything else reads a source. */
export function wordMacros(): Plugin {
  return {
    name: 'word-macros',
    enforce: 'pre',
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/, code: /@lingui\/\w+\/macro/ },
      async handler(code, filename) {
        const options: TransformOptions = { ...macroOptions, filename, sourceMaps: true };
        const result = await transformAsync(code, options);
        return result?.code == null ? null : { code: result.code, map: result.map ?? null };
      },
    },
  };
}
