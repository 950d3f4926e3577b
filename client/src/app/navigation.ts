import { t } from '@lingui/core/macro';
import { groups } from './room.js';
import type { Group, Room, Viewer } from './room.js';

/** What the groups are called; the first two stand at the top of the rail without a word. */
const groupTitles: Readonly<Record<Group, () => string>> = {
  home: () => t`Home`,
  make: () => t`Make`,
  credits: () => t`Credits`,
  control: () => t`Control`,
  build: () => t`Build`,
};
const untitled: readonly Group[] = ['home', 'make'];
/** Each has a place of its own in the bar of a phone; the other groups are behind its last place, More. */
const inBar: readonly Group[] = ['home', 'make', 'credits'];

/** Rooms that stand together. */
export type Rooms = { group: Group; title: string | null; rooms: readonly Room[] };

/** The groups that have rooms for this viewer, in their order. */
export function groupsFor(rooms: readonly Room[], viewer: Viewer): Rooms[] {
  return groups
    .map((group) => ({
      group,
      title: untitled.includes(group) ? null : groupTitles[group](),
      rooms: rooms.filter((room) => room.place.group === group && room.isFor(viewer)),
    }))
    .filter((each) => each.rooms.length > 0);
}

/** A place in the bar of a phone: one room, or the first of several that stand together. */
export type Tab = { room: Room; title: string; rooms: readonly Room[] };

/** How the rooms stand on a phone: at most three places, and what is behind More. */
export function barFor(rooms: readonly Room[], viewer: Viewer): { tabs: Tab[]; more: Rooms[] } {
  const all = groupsFor(rooms, viewer);
  const tabs = all
    .filter(({ group }) => inBar.includes(group))
    .flatMap(({ group, rooms: together }) => {
      const [room] = together;
      if (room === undefined) return [];
      return [{ room, title: together.length === 1 ? room.shortTitle : groupTitles[group](), rooms: together }];
    });
  return { tabs, more: all.filter(({ group }) => !inBar.includes(group)) };
}
