import { isAscii, textFrameHead } from './text-frame.js';

test.each([
  [0, '8100'],
  [125, '817d'],
  [126, '817e007e'],
  [65_535, '817effff'],
])('the head of a text frame with %i bytes is %s', (bytes, head) => {
  expect(Buffer.from(textFrameHead(bytes) ?? '', 'latin1').toString('hex')).toBe(head);
});

test('a frame of 64 KiB and more is left to the library', () => {
  expect(textFrameHead(65_536)).toBeNull();
});

test('only text that has the same bytes in latin1 and UTF-8 may be written as latin1', () => {
  expect([isAscii('{"a":1}'), isAscii('é'), isAscii('日本'), isAscii('')]).toEqual([true, false, false, true]);
});
