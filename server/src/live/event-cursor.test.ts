import { nextUuid } from '../kit/next-uuid.js';
import { startTestApp } from '../testing/test-app.js';
import type { TestApp } from '../testing/test-app.js';
import type { WireMessage } from '../testing/test-socket.js';

let a: TestApp;
let b: TestApp;

beforeAll(async () => {
  a = await startTestApp();
  b = await a.another();
});
afterAll(() => a.close());

const EVENTS = `subscription ($id: ID, $after: ID) { creditEvents(accountId: $id, after: $after, types: [GRANT_ADDED]) { accountId credits } }`;
const CURSOR = `query ($id: ID) { eventCursor(accountId: $id) }`;
const GRANT = `mutation ($input: GrantCreditsInput!) { grantCredits(input: $input) { __typename } }`;

async function give(accountId: string, credits: number): Promise<void> {
  const input = { accountId, credits, idempotencyKey: nextUuid(), reason: 'a test' };
  const { errors } = await a.gql(GRANT, { input }, a.operatorToken);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
}

const cursor = async (id: string | null, token?: string): Promise<string> => {
  const { data, errors } = await a.gql<{ eventCursor: string }>(CURSOR, { id }, token);
  if (data == null) throw new Error(JSON.stringify(errors));
  return data.eventCursor;
};
const creditsOf = ({ payload }: WireMessage): number | undefined =>
  (payload as { data?: { creditEvents: { credits: number } } }).data?.creditEvents.credits;

test('a connection cut at any moment between subscribing and the first event loses nothing', async () => {
  for (const moment of ['before subscribing', 'unanswered', 'in silence'] as const) {
    for (const whose of ['one account', 'all accounts'] as const) {
      const id = await a.openAccount();
      const asked = whose === 'one account' ? id : null;
      const after = await cursor(asked);
      const first = await a.signedIn(a.serviceToken);
      if (moment !== 'before subscribing') first.subscribe(EVENTS, { id: asked, after });
      if (moment === 'in silence') await first.silence(100);
      first.terminate();
      await first.ended();
      await give(id, 5);
      // Elsewhere, as after a failover.
      const second = await b.signedIn(b.serviceToken);
      second.subscribe(EVENTS, { id: asked, after });
      await give(id, 7);
      expect([creditsOf(await second.next()), creditsOf(await second.next())]).toEqual([5, 7]);
      second.close();
    }
  }
});

test('the place of now comes after what has happened and before what happens next, also for whoever writes at once', async () => {
  const id = await a.openAccount();
  for (let credits = 1; credits <= 20; credits++) {
    await give(id, credits);
    const [after] = await Promise.all([cursor(id), give(id, 1_000 + credits)]);
    await give(id, 2_000 + credits);
    const reader = await b.signedIn(b.serviceToken);
    reader.subscribe(EVENTS, { id, after });
    const told = [creditsOf(await reader.next())];
    if (told[0] !== 2_000 + credits) told.push(creditsOf(await reader.next()));
    // What was being written while it was asked for may be on either side; before it nothing, after it nothing is left out.
    expect([[2_000 + credits], [1_000 + credits, 2_000 + credits]]).toContainEqual(told);
    reader.close();
  }
});

test('a place of an account that has had no event yet is a cursor, and of an empty feed too', async () => {
  const own = await startTestApp();
  try {
    const all = (await own.gql<{ eventCursor: string }>(CURSOR, {})).data?.eventCursor;
    const reader = await own.signedIn(own.serviceToken);
    reader.subscribe(EVENTS, { after: all });
    await reader.silence(50);
    expect(all).toMatch(/^now_[0-9a-z]+$/);
    const id = await own.openAccount();
    const place = (await own.gql<{ eventCursor: string }>(CURSOR, { id })).data?.eventCursor;
    reader.subscribe(EVENTS, { id, after: place });
    await reader.silence(50);
  } finally {
    await own.close();
  }
});

test('whose place one may ask for: foreign and unknown accounts alike are NOT_FOUND, without events:read FORBIDDEN', async () => {
  const [mine, other] = [await a.openAccount(), await a.openAccount()];
  const codeOf = async (id: string | null, token: string | null) =>
    (await a.gql(CURSOR, { id }, token)).errors?.[0]?.extensions?.['code'];
  const token = await a.userToken(mine);
  expect(await codeOf(mine, token)).toBeUndefined();
  expect(await codeOf(null, token)).toBeUndefined();
  expect(await codeOf(other, token)).toBe('NOT_FOUND');
  expect(await codeOf('acct_nonsense', token)).toBe('BAD_USER_INPUT');
  expect(await codeOf(mine, null)).toBe('UNAUTHENTICATED');
  const narrow = await a.token({ kind: 'service', scope: 'credits:read' });
  expect(await codeOf(mine, narrow)).toBe('FORBIDDEN');
  expect(await codeOf(null, narrow)).toBe('FORBIDDEN');
});

test('a place of another account, or a made-up one, is no place to go on from', async () => {
  const [mine, other] = [await a.openAccount(), await a.openAccount()];
  const theirs = await cursor(other);
  const reader = await a.signedIn(await a.userToken(mine));
  const refusedWith = async (after: string): Promise<string | undefined> => {
    reader.subscribe(EVENTS, { id: mine, after });
    const { type, payload } = await reader.next();
    const errors = (type === 'error' ? payload : (payload as { errors: unknown }).errors) as {
      extensions: { code: string };
    }[];
    if (type !== 'error') await reader.next();
    return errors[0]?.extensions.code;
  };
  expect(await refusedWith(theirs)).toBe('NOT_FOUND');
  expect(await refusedWith(`${theirs.slice(0, -1)}${theirs.endsWith('0') ? '1' : '0'}`)).toBe('BAD_USER_INPUT');
  for (const text of ['', 'now_', `now_${'ä'.repeat(90)}`, theirs.replace('now', 'evt'), theirs.toUpperCase()])
    expect(await refusedWith(text)).toBe('BAD_USER_INPUT');
  reader.close();
});
