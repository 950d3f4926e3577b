import { t } from '@lingui/core/macro';
import { groups } from './room.js';
import type { Group, Room, Viewer } from './room.js';

/** What the groups are called, in the bar of a phone and by those who hear the page. */
const groupTitles: Readonly<Record<Group, () => string>> = {
  home: () => t`Home`,
  make: () => t`Make`,
  credits: () => t`Credits`,
  control: () => t`Control`,
  build: () => t`Build`,
};
/**
 * How the groups stand in the rail. The lower part is called Settings, as the help pages of the product call the way to
 * what is bought, used and allowed.
 */
const railParts: readonly { title: () => string | null; groups: readonly Group[] }[] = [
  { title: () => null, groups: ['home', 'make'] },
  { title: () => t`Settings`, groups: ['credits', 'control'] },
  { title: () => t`Build`, groups: ['build'] },
];
/** Each has a place of its own in the bar of a phone; the other groups are behind its last place, More. */
const inBar: readonly Group[] = ['home', 'make', 'credits'];

/** Rooms that stand together. */
export type Rooms = { group: Group; title: string; rooms: readonly Room[] };

/** The groups that have rooms for this viewer, in their order. */
export function groupsFor(rooms: readonly Room[], viewer: Viewer): Rooms[] {
  return groups
    .map((group) => ({
      group,
      title: groupTitles[group](),
      rooms: rooms.filter((room) => room.place.group === group && room.isFor(viewer)),
    }))
    .filter((each) => each.rooms.length > 0);
}

/** Rooms below one title of the rail. */
export type RailPart = { title: string | null; groups: readonly Rooms[] };

/** The rail for this viewer, from its top. */
export function railFor(rooms: readonly Room[], viewer: Viewer): RailPart[] {
  const all = groupsFor(rooms, viewer);
  return railParts
    .map(({ title, groups: own }) => ({ title: title(), groups: all.filter(({ group }) => own.includes(group)) }))
    .filter((part) => part.groups.length > 0);
}

/** A place in the bar of a phone: one room, or the first of several that stand together. */
export type Tab = { room: Room; title: string; rooms: readonly Room[] };

/** How the rooms stand on a phone: at most three places, called as their groups, and what is behind More. */
export function barFor(rooms: readonly Room[], viewer: Viewer): { tabs: Tab[]; more: Rooms[] } {
  const all = groupsFor(rooms, viewer);
  const tabs = all
    .filter(({ group }) => inBar.includes(group))
    .flatMap(({ group, rooms: together }) => {
      const [room] = together;
      if (room === undefined) return [];
      return [{ room, title: groupTitles[group](), rooms: together }];
    });
  return { tabs, more: all.filter(({ group }) => !inBar.includes(group)) };
}
