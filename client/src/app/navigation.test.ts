import { Gauge } from 'lucide-react';
import { barFor, groupsFor } from './navigation.js';
import { openTable, pathOf, roomAt } from './room.js';
import type { Entry, Group, Room } from './room.js';

const entry = (path: string, group: Group, order: number, rest: Partial<Entry> = {}): Entry => ({
  path,
  title: () => path.slice(1) || 'home',
  icon: Gauge,
  place: { group, order },
  isFor: () => true,
  ...rest,
  View: () => null,
  loadParts: [],
});
const rooms = openTable([
  entry('/demo', 'build', 1, { isFor: ({ isDemo }) => isDemo }),
  entry('/usage', 'credits', 2),
  entry('/billing', 'credits', 1),
  entry('/', 'home', 1),
  entry('/production', 'make', 1, { title: () => 'Production Room', shortTitle: () => 'Production' }),
]);
const everyone = { isDemo: false };
const paths = (list: readonly Room[]): string[] => list.map(({ path }) => path);

test.each([
  ['/', '/'],
  ['', '/'],
  ['//', '/'],
  ['/index.html', '/'],
  ['/production', '/production'],
  ['/production///', '/production'],
  ['/production/index.html', '/production/index.html'],
])('the address %p is %p in the table', (location, path) => {
  expect(pathOf(location)).toBe(path);
});

test('a room stands where its line says, whatever the order of the lines', () => {
  expect(paths(rooms)).toEqual(['/', '/production', '/billing', '/usage', '/demo']);
});

test('a room that is not for a viewer is in no navigation, and at no address', () => {
  expect(roomAt(rooms, '/demo', everyone)).toBeNull();
  expect(roomAt(rooms, '/demo', { isDemo: true })?.path).toBe('/demo');
  expect(groupsFor(rooms, everyone).map(({ group }) => group)).toEqual(['home', 'make', 'credits']);
  expect(barFor(rooms, everyone).more).toEqual([]);
  expect(barFor(rooms, { isDemo: true }).more.map((each) => paths(each.rooms))).toEqual([['/demo']]);
});

test('on a phone a place is called as its group and leads to its first room', () => {
  expect(barFor(rooms, everyone).tabs.map(({ title, room }) => [title, room.path])).toEqual([
    ['Home', '/'],
    ['Make', '/production'],
    ['Credits', '/billing'],
  ]);
});

test('code is fetched for the rooms of the viewer, and what does not arrive is nobody’s error', async () => {
  const fetched: string[] = [];
  const load = (name: string) => () => {
    fetched.push(name);
    return Promise.reject(new Error('no network'));
  };
  const [room] = openTable([{ ...entry('/x', 'home', 1), loadParts: [load('chart'), load('table')] }]);
  await expect(room?.fetch()).rejects.toThrow('no network');
  expect(fetched).toEqual(['chart', 'table']);
});
