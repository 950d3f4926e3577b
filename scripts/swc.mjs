/**
 * How TypeScript becomes JavaScript without `tsc`: for the tests and for `npm run dev`. The same choices as in
 * server/tsconfig.json: legacy decorators without metadata, fields assigned in the constructor.
 */
export const swcOptions = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', tsx: true, decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: false,
      useDefineForClassFields: false,
      react: { runtime: 'automatic' },
    },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
};
