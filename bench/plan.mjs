/** What is measured beside what, and what must be reached. */

/** `cells` of a scenario are run one after the other in every round: A B C, A B C, A B C. */
export const SCENARIOS = [
  { key: 'spread 64', title: '64 callers, spread over all accounts', callers: 64, cells: ['typeorm', 'pg', 'engine'] },
  {
    key: 'spread 256',
    title: '256 callers, spread over all accounts',
    callers: 256,
    cells: ['typeorm', 'pg', 'engine', 'recorded', 'ceiling'],
  },
  { key: 'hot 64', title: '64 callers, one account', callers: 64, hot: true, cells: ['typeorm', 'pg', 'engine'] },
  { key: 'hot 256', title: '256 callers, one account', callers: 256, hot: true, cells: ['engine'] },
  { key: 'one', title: '1 caller', callers: 1, cells: ['typeorm', 'pg', 'engine'] },
  {
    key: 'api',
    title: 'through the API, 64 callers (8 x 50 for …Many)',
    callers: 64,
    cells: ['typeorm-http', 'engine-http', 'engine-many', 'engine-socket'],
  },
];

const cell = (scenario, contender) => ({ scenario, contender });
export const RATIOS = [
  {
    name: 'engine / (a) TypeORM, 64 callers',
    over: cell('spread 64', 'engine'),
    under: cell('spread 64', 'typeorm'),
    floor: 12,
  },
  {
    name: 'engine / (a) TypeORM, 256 callers',
    over: cell('spread 256', 'engine'),
    under: cell('spread 256', 'typeorm'),
    floor: 18,
  },
  {
    name: 'engine / (a) TypeORM, one account',
    over: cell('hot 64', 'engine'),
    under: cell('hot 64', 'typeorm'),
    floor: 40,
  },
  { name: 'engine / (b) pg by hand, 64 callers', over: cell('spread 64', 'engine'), under: cell('spread 64', 'pg') },
  {
    name: 'engine / (b) pg by hand, 256 callers',
    over: cell('spread 256', 'engine'),
    under: cell('spread 256', 'pg'),
    floor: 6,
  },
  { name: 'engine / (b) pg by hand, one account', over: cell('hot 64', 'engine'), under: cell('hot 64', 'pg') },
  {
    name: 'engine / (c) its own batches bare, 256 callers',
    over: cell('spread 256', 'engine'),
    under: cell('spread 256', 'ceiling'),
    floor: 0.6,
  },
  {
    name: 'the same engine while its statements are recorded / (c)',
    over: cell('spread 256', 'recorded'),
    under: cell('spread 256', 'ceiling'),
  },
  {
    name: 'engine: one account / spread, 64 callers',
    over: cell('hot 64', 'engine'),
    under: cell('spread 64', 'engine'),
    floor: 1,
  },
  {
    name: 'engine: one account / spread, 256 callers',
    over: cell('hot 256', 'engine'),
    under: cell('spread 256', 'engine'),
    floor: 1,
  },
  { name: 'engine / (b) pg by hand, 1 caller', over: cell('one', 'engine'), under: cell('one', 'pg'), floor: 1 },
  {
    name: 'API single / (a) in process, 64 callers',
    over: cell('api', 'engine-http'),
    under: cell('spread 64', 'typeorm'),
  },
  {
    name: 'API single / (a) through its own API',
    over: cell('api', 'engine-http'),
    under: cell('api', 'typeorm-http'),
    floor: 6,
  },
  {
    name: 'API socket / (a) through its own API',
    over: cell('api', 'engine-socket'),
    under: cell('api', 'typeorm-http'),
  },
  {
    name: 'API reserveMany of 50 / engine, 256 callers',
    over: cell('api', 'engine-many'),
    under: cell('spread 256', 'engine'),
    floor: 0.35,
  },
  {
    name: 'fan-out a CPU-second: ours / bare ws',
    over: cell('fan-out', 'ours'),
    under: cell('fan-out', 'bare-ws'),
    floor: 0.6,
  },
  {
    name: 'fan-out a CPU-second: ours / stock graphql-ws',
    over: cell('fan-out', 'ours'),
    under: cell('fan-out', 'stock'),
    floor: 2.5,
  },
  {
    name: 'heap of an idle subscriber: ours / bare ws',
    over: cell('idle 10000', 'ours'),
    under: cell('idle 10000', 'bare-ws'),
  },
  {
    name: 'heap of an idle subscriber: ours / stock graphql-ws',
    over: cell('idle 10000', 'ours'),
    under: cell('idle 10000', 'stock'),
  },
];

/** Median, smallest and largest of what the rounds gave. */
export function spreadOf(values) {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (!sorted.length) return undefined;
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted.at(-1) };
}
