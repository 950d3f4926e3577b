/** How Jest reads the dashboard's sources: Lingui's macros by Babel, as in the build, then swc as everywhere. */
import { transformSync } from '@babel/core';
import swc from '@swc/jest';
import { macroOptions } from './macro-options.mjs';

const withoutMacros = (source, filename) =>
  /@lingui\/\w+\/macro/.test(source)
    ? transformSync(source, { ...macroOptions, filename, retainLines: true }).code
    : source;

export default {
  createTransformer(options) {
    const transformer = swc.createTransformer(options);
    return {
      ...transformer,
      // What the macros become is part of what is kept.
      getCacheKey: (source, file, jest) => `${transformer.getCacheKey(source, file, jest)}-words-1`,
      process: (source, file, jest) => transformer.process(withoutMacros(source, file), file, jest),
      processAsync: (source, file, jest) => transformer.processAsync(withoutMacros(source, file), file, jest),
    };
  },
};
