import type { Feature } from '../../gql/operations.js';
import { enoughInWords, goodFor } from './payable.js';

const operation = (name: string, feature: Feature, credits: number, creditType = 'STANDARD') => ({
  name,
  feature,
  type: name.split(' ').at(-1) ?? '',
  creditType,
  credits,
});
const operations = [
  operation('Upload', 'MEDIA_LIBRARY', 0),
  operation('Basic regeneration', 'CONTENT', 1),
  operation('Advanced regeneration', 'CONTENT', 2),
  operation('Deep Scan', 'BRAND_SCAN', 1, 'SCAN'),
  operation('Short image', 'PRODUCTION_ROOM', 5),
  operation('Mid image', 'PRODUCTION_ROOM', 10),
  operation('Short video', 'PRODUCTION_ROOM', 25),
];
const [free, pro] = [
  { name: 'Free', productionRoom: false },
  { name: 'Pro', productionRoom: true },
];
const open = 'Uploads, text and standard scans stay open.';

test('the room is offered only when its cheapest work can be paid', () => {
  expect(goodFor({ available: 5 }, pro, operations)).toEqual({
    kind: 'production',
    enough: [{ count: 1, name: 'Short image' }],
  });
  expect(goodFor({ available: 4 }, pro, operations)).toEqual({ kind: 'said', sentence: open });
});

test('what is left is said in the cheapest work of the cheapest and of the dearest kind that it pays for', () => {
  const enough = [
    { count: 12, name: 'Short image' },
    { count: 2, name: 'Short video' },
  ];
  expect(goodFor({ available: 62 }, pro, operations)).toEqual({ kind: 'production', enough });
  expect(enoughInWords(enough)).toBe('Enough for about 12 × Short image or 2 × Short video');
});

test('a plan without the room says what its credits are for', () => {
  expect(goodFor({ available: 25 }, free, operations)).toEqual({
    kind: 'said',
    sentence: 'On the Free plan your credits pay for Basic regeneration (1) and Advanced regeneration (2).',
  });
  expect(goodFor({ available: 1 }, free, operations)).toEqual({
    kind: 'said',
    sentence: 'On the Free plan your credits pay for Basic regeneration (1).',
  });
  expect(goodFor({ available: 0 }, free, operations)).toEqual({ kind: 'said', sentence: open });
});
