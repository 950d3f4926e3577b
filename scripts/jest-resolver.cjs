/** Sources import each other as `x.js`, which is what they are built to; under Jest `x.ts` or `x.tsx` is meant. */
module.exports = (request, options) => {
  if (/^\.{1,2}\/.*\.js$/.test(request) && !options.basedir.includes('node_modules')) {
    for (const extension of ['.ts', '.tsx']) {
      try {
        return options.defaultResolver(request.replace(/\.js$/, extension), options);
      } catch {
        // not that one
      }
    }
  }
  return options.defaultResolver(request, options);
};
