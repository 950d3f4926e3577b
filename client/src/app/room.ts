import { lazy } from 'react';
import type { ComponentType, ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';

/** Who looks at the page, as far as it decides which rooms there are. */
export type Viewer = {
  /** Whether one looks through a demo account. */
  isDemo: boolean;
};

/** One step of the way to a room. */
export type Crumb = { title: string; path: string | null };

/** The groups of the navigation, in their order. */
export const groups = ['home', 'make', 'credits', 'control', 'build'] as const;
export type Group = (typeof groups)[number];

/** Everything that the page knows of a room before its code is there: one line of the table in `rooms.tsx`. */
export type Entry = {
  /** Its address below the base path, without a slash at its end. */
  path: string;
  /** Its heading, its name in the navigation, and the page's title. */
  title: () => string;
  /** In the bar of a phone and in a narrow rail; left out: the title. */
  shortTitle?: () => string;
  icon: LucideIcon;
  /** Where it stands in the navigation; within a group the lower number comes first. */
  place: { group: Group; order: number };
  isFor: (viewer: Viewer) => boolean;
  /** Above its heading: what it stands within, from the outermost; with the path of a room where there is one to walk to. */
  trail?: () => readonly Crumb[];
  /** Whether what it shows first says what it is: its heading is then only heard. */
  hidesTitle?: boolean;
  /** Whether its tables and charts have the width of a large screen. */
  isWide?: boolean;
  /** Says more than the title in the navigation, as that work goes on there. */
  Word?: ComponentType<{ isCurrent: boolean; children: ReactNode }>;
} & (
  | {
      /** Its code, fetched when it is opened, and a little after the start in any case. */
      load: () => Promise<{ default: ComponentType }>;
      /** Stands in its place until then, part by part at its size; left out: a plain bar. */
      Skeleton?: ComponentType;
    }
  | {
      /** Drawn with the page itself: nothing has to be fetched for it. */
      View: ComponentType;
      /** Parts of it that are fetched as they are needed, and a little after the start in any case. */
      loadParts: readonly (() => Promise<unknown>)[];
    }
);

export type Room = Omit<Entry, 'title' | 'shortTitle'> & {
  title: string;
  shortTitle: string;
  View: ComponentType;
  Skeleton: ComponentType | null;
  /** Fetches its code, so that it opens without a network. */
  fetch: () => Promise<unknown>;
};

/** The code of a room, or of a part of one, did not arrive: no network, or the server has another version by now. */
export class NotLoaded extends Error {}

/** A component whose code is fetched when it is first drawn. */
export function lazily<P>(load: () => Promise<{ default: ComponentType<P> }>): ComponentType<P> {
  return lazy(() =>
    load().catch((cause: unknown) => {
      throw new NotLoaded('Code could not be loaded.', { cause });
    }),
  );
}

/** Makes the rooms of a table, in the order of the navigation. */
export function openTable(entries: readonly Entry[]): readonly Room[] {
  const place = ({ place: { group, order } }: Entry): number => groups.indexOf(group) * 1_000 + order;
  return entries
    .toSorted((a, b) => place(a) - place(b))
    .map((entry) => ({
      ...entry,
      // Looked up when they are shown: the words are there by then.
      get title() {
        return entry.title();
      },
      get shortTitle() {
        return (entry.shortTitle ?? entry.title)();
      },
      ...('load' in entry
        ? { View: lazily(entry.load), Skeleton: entry.Skeleton ?? null, fetch: entry.load }
        : { View: entry.View, Skeleton: null, fetch: () => Promise.all(entry.loadParts.map((load) => load())) }),
    }));
}

/** An address as the table has it: `/production` of `/production/`, `/` of the page's own file. */
export function pathOf(location: string): string {
  return location.replace(/\/+$/, '').replace(/^\/index\.html$/, '') || '/';
}

/** The room at an address; null when there is none, or none for this viewer. */
export function roomAt(rooms: readonly Room[], path: string, viewer: Viewer): Room | null {
  return rooms.find((room) => room.path === path && room.isFor(viewer)) ?? null;
}

/** Fetches the code of every room that the viewer may walk to; what does not arrive is asked for again when it is opened. */
export function fetchRooms(rooms: readonly Room[], viewer: Viewer): void {
  for (const room of rooms) if (room.isFor(viewer)) room.fetch().catch(() => undefined);
}
