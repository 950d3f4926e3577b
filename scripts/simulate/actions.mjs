import { randomUUID } from 'node:crypto';

import { Unexpected } from './api.mjs';

const ACCOUNT = `query Account($id: ID!) {
  account(id: $id) { id name now period { end } balance { id available held used allowance level version } }
}`;
const SPEND = `mutation Spend($input: SpendCreditsInput!) {
  spendCredits(input: $input) { __typename ... on ReservationReceipt { balance { id available version } } ... on Problem { message } }
}`;
const GRANT = `mutation Grant($input: GrantCreditsInput!) {
  grantCredits(input: $input) { __typename ... on GrantReceipt { balance { id available version } } ... on Problem { message } }
}`;
const ADVANCE = `mutation Advance($input: AdvanceTestClockInput!) {
  advanceTestClock(input: $input) { id now period { end } balance { id available version } }
}`;

/** Costs 1 credit on every plan, so any number of credits can be spent with it. */
const ONE_CREDIT = 'regeneration.basic';
const LINE_QUANTITY_MAX = 10_000;
const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

export async function readAccount(api, role) {
  const { accountId } = await api.session(role);
  const { account } = await api.call('operator', 'account', ACCOUNT, { id: accountId });
  return account;
}

async function spendDownTo(api, role, left) {
  for (;;) {
    const { id, balance } = await readAccount(api, role);
    const credits = Math.min(balance.available - left, LINE_QUANTITY_MAX);
    if (credits <= 0) return balance;
    const { spendCredits: answer } = await api.call('service', 'spendCredits', SPEND, {
      input: {
        accountId: id,
        idempotencyKey: randomUUID(),
        operations: [{ operation: ONE_CREDIT, quantity: credits }],
        reference: 'simulator',
      },
    });
    // Another caller may have spent some of it meanwhile: read the balance again.
    if (!answer.balance && answer.__typename !== 'InsufficientCredits')
      throw new Unexpected(`${answer.__typename}, ${answer.message}`);
  }
}

/** Spends until the account is warned: down to 15 % of what is there, and on by halves while nothing has fired. */
export async function goLow(api, role) {
  let { balance } = await readAccount(api, role);
  let left = Math.max(balance.allowance, balance.available) * 0.15;
  while (balance.level === 'OK') {
    balance = await spendDownTo(api, role, Math.floor(left));
    left /= 2;
  }
  return balance;
}

/** Spends all that is available. */
export function deplete(api, role) {
  return spendDownTo(api, role, 0);
}

/** An operator gives promotional credits. */
export async function refill(api, role, credits) {
  const { accountId } = await api.session(role);
  const { grantCredits: answer } = await api.call('operator', 'grantCredits', GRANT, {
    input: { accountId, idempotencyKey: randomUUID(), source: 'PROMOTION', credits, reason: 'Simulator' },
  });
  if (!answer.balance) throw new Unexpected(`${answer.__typename}, ${answer.message}`);
  return answer.balance;
}

/** Whether a text says how far a clock is to be moved: `30m`, `6h`, `1d`, `2w` or `period`. */
export function isSpan(text) {
  return /^(\d+[mhdw]|period)$/.test(text);
}

/** Moves the account's test clock: by a span, or to the end of its period. */
export async function advance(api, role, span) {
  const { id, now, period } = await readAccount(api, role);
  const to =
    span === 'period' ? Date.parse(period.end) : Date.parse(now) + Number.parseInt(span, 10) * UNITS_MS[span.at(-1)];
  const { advanceTestClock: account } = await api.call('operator', 'advanceTestClock', ADVANCE, {
    input: { accountId: id, to: new Date(to).toISOString() },
  });
  return account;
}
