/** The language of the page's sentences: `public/boot.js` chose it before the first paint and wrote it into the page. */
export const language: string = (typeof document === 'undefined' ? '' : document.documentElement.lang) || 'en';
