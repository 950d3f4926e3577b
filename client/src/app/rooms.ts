import { lazy } from 'react';

/** A room's code did not arrive: no network, or the server has another version by now. */
export class RoomNotLoaded extends Error {}

const notLoaded = (cause: unknown): never => {
  throw new RoomNotLoaded('A room could not be loaded.', { cause });
};
const importSpendByDay = () => import('../features/usage/SpendByDay.js').catch(notLoaded);
const importProductionRoom = () => import('../features/production/ProductionRoom.js').catch(notLoaded);

export const SpendByDay = lazy(importSpendByDay);
export const ProductionRoom = lazy(importProductionRoom);

/** Fetches what the other rooms need, so that walking there waits for nothing and works without a network. */
export function fetchRooms(): void {
  for (const room of [importSpendByDay, importProductionRoom]) room().catch(() => undefined);
}
