import macros from '@lingui/babel-plugin-lingui-macro';
import { makeConfig } from '@lingui/conf';

/** How Babel reads a source for the build and for Jest: it puts Lingui's macros in place and leaves types and JSX as they are. */
export const macroOptions = {
  plugins: [[macros, { linguiConfig: makeConfig({ locales: ['en'], sourceLocale: 'en' }) }]],
  parserOpts: { plugins: ['typescript', 'jsx'] },
  configFile: false,
  babelrc: false,
};
