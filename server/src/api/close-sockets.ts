import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenSocket } from './open-socket.js';
import { CLOSE } from './open-socket.js';

const SLICES = 20;
const SLICE_SOCKETS_MIN = 50;
const SLICE_MS = 200;
const IN_FLIGHT_MS_MAX = 2_000;
const LOOK_MS = 10;

/**
 * Closes sockets with 1012 in slices over at most 4 s, so that their clients do not all come to the other processes at once. A
 * socket that is being answered gets up to 2 s more.
 */
export async function closeInSlices(sockets: readonly OpenSocket[]): Promise<void> {
  const slice = Math.max(SLICE_SOCKETS_MIN, Math.ceil(sockets.length / SLICES));
  const late: OpenSocket[] = [];
  for (let from = 0; from < sockets.length; from += slice) {
    if (from > 0) await sleep(SLICE_MS);
    for (const open of sockets.slice(from, from + slice)) {
      if (open.inFlight > 0) late.push(open);
      else closeForRestart(open);
    }
  }
  await waitUntilAnswered(late, IN_FLIGHT_MS_MAX);
  late.forEach(closeForRestart);
}

/** Closes a socket so that its client comes back. */
export function closeForRestart({ socket }: Pick<OpenSocket, 'socket'>): void {
  socket.close(CLOSE.restart, 'Service restart');
}

/** Waits until every query and mutation of these sockets is answered, at most so long. */
export async function waitUntilAnswered(sockets: readonly OpenSocket[], msMax: number): Promise<void> {
  const until = performance.now() + msMax;
  while (sockets.some(({ inFlight }) => inFlight > 0) && performance.now() < until) await sleep(LOOK_MS);
}
