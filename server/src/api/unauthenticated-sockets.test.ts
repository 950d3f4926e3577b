import { RawSocket } from '../testing/test-socket.js';
import type { RawSocketOptions } from '../testing/test-socket.js';
import type { TestDoors } from './test-doors.js';
import { schemaOf, startTestDoors } from './test-doors.js';
import { UNAUTHENTICATED_MAX } from './unauthenticated-sockets.js';
import { until } from '../testing/test-until.js';

const schema = schemaOf('type Query { hello: String }', { 'Query.hello': () => 'world' });
const opened = new Set<RawSocket>();
let doors: TestDoors;

const open = async (options: RawSocketOptions = {}): Promise<RawSocket> => {
  const socket = await RawSocket.open(doors.wsUrl, options);
  opened.add(socket);
  return socket;
};
const from = (address: string): Promise<RawSocket> => open({ headers: { 'x-forwarded-for': address } });
const many = (count: number, one: (index: number) => Promise<RawSocket>): Promise<RawSocket[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => one(index)));
const isOpen = ({ ws }: RawSocket): boolean => ws.readyState === ws.OPEN;
/** Once the door has answered on a socket, it has done all that it was asked before. */
const settled = async (socket: RawSocket): Promise<void> => {
  const pong = new Promise((resolve) => socket.ws.once('pong', resolve));
  socket.ws.ping();
  await pong;
};
const DISPLACED = { code: 1013, reason: 'Too many sockets that have not signed in' };

const start = async (perAddress?: number, perProcess?: number): Promise<void> => {
  doors = await startTestDoors({
    schema,
    trustedProxies: ['loopback'],
    initMs: 60_000,
    ...(perAddress === undefined || perProcess === undefined ? {} : { unauthenticatedMax: { perAddress, perProcess } }),
  });
};
afterEach(async () => {
  for (const socket of opened) socket.terminate();
  opened.clear();
  await doors.close();
});

test('40 idle sockets of an address refuse nobody there', async () => {
  await start();
  const idle = await many(40, () => open());
  const socket = await open();
  await socket.signIn('me');
  expect(await socket.gql('{ hello }')).toEqual({ data: { hello: 'world' } });
  expect(idle.every(isOpen)).toBe(true);
});

test('1,024 an address and 10,000 a process: the next takes the place of the oldest, which is told to come back', async () => {
  expect(UNAUTHENTICATED_MAX).toEqual({ perAddress: 1_024, perProcess: 10_000 });
  await start(100, 1_000);
  const oldest = await from('203.0.113.9');
  const others = await many(99, () => from('203.0.113.9'));
  expect(isOpen(oldest)).toBe(true);
  const newest = await from('203.0.113.9');
  expect(await oldest.ended()).toEqual(DISPLACED);
  await settled(newest);
  expect([...others, newest].every(isOpen)).toBe(true);
});

test('a flood of one address pushes out its own oldest and nobody else’s', async () => {
  await start(5, 100);
  const bystander = await from('198.51.100.7');
  const flood: RawSocket[] = [];
  for (let count = 0; count < 12; count++) flood.push(await from('203.0.113.9'));
  for (const gone of flood.slice(0, 7)) expect(await gone.ended()).toEqual(DISPLACED);
  await settled(flood[11] as RawSocket);
  expect(flood.slice(7).every(isOpen)).toBe(true);
  await bystander.signIn('me');
});

test('an address of IPv6 floods as its network of 64 bits', async () => {
  await start(3, 100);
  const flood: RawSocket[] = [];
  for (let count = 0; count < 4; count++) flood.push(await from(`2001:db8:1:2::${count + 1}`));
  expect(await flood[0]?.ended()).toEqual(DISPLACED);
  await settled(flood[3] as RawSocket);
  expect(flood.slice(1).every(isOpen)).toBe(true);
});

test('as many as a process may have, from many addresses: the oldest of all makes room', async () => {
  await start(5, 10);
  const sockets: RawSocket[] = [];
  for (let count = 0; count < 11; count++) sockets.push(await from(`203.0.113.${count}`));
  expect(await sockets[0]?.ended()).toEqual(DISPLACED);
  await settled(sockets[10] as RawSocket);
  expect(sockets.slice(1).every(isOpen)).toBe(true);
});

test('who has signed in is never displaced, by connection_init or by the upgrade', async () => {
  await start(2, 100);
  const first = await from('203.0.113.9');
  await first.signIn('me');
  const second = await open({ headers: { 'x-forwarded-for': '203.0.113.9', authorization: 'Bearer me' } });
  const flood = await many(6, () => from('203.0.113.9'));
  await settled(flood[5] as RawSocket);
  expect(await first.gql('{ hello }')).toEqual({ data: { hello: 'world' } });
  await second.signIn('me');
});

test('a socket that has gone, or has signed in, makes room', async () => {
  await start(2, 100);
  const [first, second] = [await from('203.0.113.9'), await from('203.0.113.9')];
  await first.signIn('me');
  const third = await from('203.0.113.9');
  second.close();
  await second.ended();
  const fourth = await from('203.0.113.9');
  await settled(fourth);
  expect([first, third, fourth].every(isOpen)).toBe(true);
});

test('a displaced socket that does not read its close frame is cut off within seconds', async () => {
  await start(1, 100);
  const deaf = await from('203.0.113.9');
  deaf.ws.pause();
  await from('203.0.113.9');
  const text = async (): Promise<string> => (await fetch(`${doors.url}/metrics`)).text();
  await until(async () => (await text()).includes('credits_sockets 1\n'));
});
