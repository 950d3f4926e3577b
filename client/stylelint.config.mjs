import { readFileSync } from 'node:fs';

const tokensFile = new URL('src/ui/tokens.css', import.meta.url);

/** The names of one scale, as tokens.css has them. */
const scale = (...kinds) => {
  const names = readFileSync(tokensFile, 'utf8').matchAll(/^ {2}--([a-z]+)(-[a-z0-9-]+)?:/gm);
  const known = [...names].filter(([, kind]) => kinds.includes(kind)).map(([, kind, rest = '']) => `${kind}${rest}`);
  return `var\\(--(?:${known.join('|')})\\)`;
};

const step = scale('space', 'gutter', 'gap', 'inset');
/** Steps of the scale, their negatives and multiples, and what the device or another part of the page takes. */
const taken = 'var\\(--(?:rooms-(?:bar|rail)|(?:header|strip)-height)\\)|env\\(safe-area-inset-bottom\\)|100%';
const sum = `calc\\((?:(?:${step}|${taken}|-?\\d|[-+*() ])+)\\)`;
const space = `(?:0|auto|${step}|${taken}|${sum}|max\\(${step}, env\\(safe-area-inset-bottom\\)\\))`;
const spaces = new RegExp(`^${space}(?: ${space}){0,3}$`);
const corner = `(?:0|50%|${scale('radius')})`;

/**
 * Holds the scales of src/ui/tokens.css and the widths of src/ui/breakpoints.css: a size, weight, space, radius or width
 * of the screen that is none of theirs is refused, and so is the name of a token that is not there.
 *
 * Widths, heights, edges and shadows are each thing's own and free.
 */
export default {
  referenceFiles: ['src/ui/tokens.css', 'src/ui/breakpoints.css'],
  rules: {
    'declaration-property-value-allowed-list': {
      'font-size': [new RegExp(`^${scale('type')}$`)],
      'font-weight': [new RegExp(`^(?:inherit|${scale('weight')})$`)],
      '/^(margin|padding|scroll-margin|scroll-padding)/': [spaces],
      '/^(row-|column-)?gap$/': [spaces],
      '/radius$/': [new RegExp(`^${corner}(?: ${corner}){0,3}$`)],
      // The whole of it in one place, of the scale.
      font: ['inherit', 'var(--weight-plain) 100% / 1.45 var(--font)'],
    },
    'media-feature-name-disallowed-list': ['/width$/', '/height$/'],
    'no-unknown-custom-media': true,
    'no-unknown-custom-properties': true,
    'declaration-block-no-duplicate-properties': true,
    'property-no-unknown': true,
    'no-invalid-position-at-import-rule': true,
    'selector-pseudo-class-no-unknown': [true, { ignorePseudoClasses: ['global'] }],
  },
  overrides: [
    // The scales themselves.
    { files: ['src/ui/breakpoints.css'], rules: { 'media-feature-name-disallowed-list': null } },
  ],
};
