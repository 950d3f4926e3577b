import type { Feature } from '../../gql/operations.js';
import { goodFor } from './payable.js';

const operation = (name: string, feature: Feature, credits: number, creditType = 'STANDARD') => ({
  name,
  feature,
  creditType,
  credits,
});
const operations = [
  operation('Upload', 'MEDIA_LIBRARY', 0),
  operation('Basic regeneration', 'CONTENT', 1),
  operation('Advanced regeneration', 'CONTENT', 2),
  operation('Deep Scan', 'BRAND_SCAN', 1, 'SCAN'),
  operation('Short image', 'PRODUCTION_ROOM', 5),
];
const [free, pro] = [
  { name: 'Free', productionRoom: false },
  { name: 'Pro', productionRoom: true },
];
const open = 'Uploads, text and standard scans stay open.';

test('the room is offered only when its cheapest work can be paid', () => {
  expect(goodFor({ available: 5 }, pro, operations)).toEqual({ kind: 'production' });
  expect(goodFor({ available: 4 }, pro, operations)).toEqual({ kind: 'said', sentence: open });
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
