import { kindsOf } from './kinds.js';

test('one report is summed by type and by feature, what took most first, what was free left out', () => {
  const { types, features } = kindsOf([
    { type: 'IMAGE', feature: 'PRODUCTION_ROOM', credits: 5, operations: 1 },
    { type: 'VIDEO', feature: 'PRODUCTION_ROOM', credits: 25, operations: 1 },
    { type: 'IMAGE', feature: 'MEDIA_LIBRARY', credits: 2, operations: 2 },
    { type: 'REGENERATION', feature: 'CONTENT', credits: 0, operations: 9 },
  ]);
  expect(types).toEqual([
    { code: 'VIDEO', name: 'Videos', credits: 25, operations: 1 },
    { code: 'IMAGE', name: 'Images', credits: 7, operations: 3 },
  ]);
  expect(features.map(({ name, credits }) => [name, credits])).toEqual([
    ['Production Room', 30],
    ['Media Library', 2],
  ]);
});
