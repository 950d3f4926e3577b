import { Peers } from './peers.js';

let now = 0;
const newPeers = (): Peers => {
  now = 1_000;
  return new Peers(() => now);
};

test('until everybody had time to answer, somebody may be there', () => {
  const peers = newPeers();
  expect(peers.alone).toBe(false);
  peers.asked();
  now += 2_999;
  expect(peers.alone).toBe(false);
  now += 1;
  expect(peers.alone).toBe(true);
});

test('who was heard is there until it leaves or is silent for 15 seconds', () => {
  const peers = newPeers();
  peers.asked();
  now += 10_000;
  peers.heard('b');
  peers.heard('c');
  expect(peers.alone).toBe(false);
  peers.left('b');
  now += 15_000;
  expect(peers.alone).toBe(false);
  now += 1;
  expect(peers.alone).toBe(true);
});

test('who cannot hear cannot know that it is alone', () => {
  const peers = newPeers();
  peers.asked();
  now += 5_000;
  peers.deaf();
  expect(peers.alone).toBe(false);
});
