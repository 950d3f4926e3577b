/**
 * The rules of reserve and commit that both peers obey: price list, plan check, burn order, pinned draws, TTL, journal
 * entries with before and after, usage rows, low-balance levels, comparison of repeated input.
 *
 * Plain synchronous code over mutable rows. The rows come from the peer (entities or query results) and share property
 * names; what changed in them and what is returned here is what the peer writes. Instants are `Date`s, credits numbers.
 */
import { randomUUID } from 'node:crypto';

export const PRICE_LIST_VERSION = 1;
const OPERATIONS = new Map(
  [
    ['image.short', 5, 'PRODUCTION_ROOM', 'IMAGE', 'STANDARD'],
    ['image.mid', 10, 'PRODUCTION_ROOM', 'IMAGE', 'STANDARD'],
    ['image.long', 20, 'PRODUCTION_ROOM', 'IMAGE', 'STANDARD'],
    ['audio.short', 15, 'PRODUCTION_ROOM', 'AUDIO', 'STANDARD'],
    ['audio.mid', 30, 'PRODUCTION_ROOM', 'AUDIO', 'STANDARD'],
    ['audio.long', 50, 'PRODUCTION_ROOM', 'AUDIO', 'STANDARD'],
    ['video.short', 25, 'PRODUCTION_ROOM', 'VIDEO', 'STANDARD'],
    ['video.mid', 50, 'PRODUCTION_ROOM', 'VIDEO', 'STANDARD'],
    ['video.long', 100, 'PRODUCTION_ROOM', 'VIDEO', 'STANDARD'],
    ['regeneration.basic', 1, 'CONTENT', 'REGENERATION', 'STANDARD'],
    ['regeneration.advanced', 2, 'CONTENT', 'REGENERATION', 'STANDARD'],
    ['content.generate', 0, 'CONTENT', 'TEXT', 'STANDARD'],
    ['deep_scan', 1, 'BRAND_SCAN', 'DEEP_SCAN', 'SCAN'],
    ['standard_scan', 0, 'BRAND_SCAN', 'SCAN', 'STANDARD'],
    ['media.upload', 0, 'MEDIA_LIBRARY', 'UPLOAD', 'STANDARD'],
  ].map(([code, credits, feature, type, creditType]) => [code, { code, credits, feature, type, creditType }]),
);
const PLANS = {
  FREE: { allowance: 0, productionRoom: false, deepScans: false },
  PRO: { allowance: 100, productionRoom: true, deepScans: true },
  ENTERPRISE: { allowance: 500, productionRoom: true, deepScans: true },
};
const PURCHASED = new Set(['PURCHASE', 'BONUS']);
const PRIORITY = { ALLOWANCE: 10, UPGRADE: 10, ROLLOVER: 10, PROMOTION: 20, ADJUSTMENT: 20, BONUS: 30, PURCHASE: 30 };
const CHEAPEST = { STANDARD: 1, SCAN: 1 };
const LEVELS = [
  ['LOW', 20],
  ['CRITICAL', 5],
  ['EMPTY', 0],
];

export const priorityOf = (source) => PRIORITY[source];

/** What the input alone shows: lines with prices, or a refusal that keeps no key. */
export function priceLines(input) {
  const wanted = input.operations;
  if (!Array.isArray(wanted) || wanted.length < 1 || wanted.length > 100)
    return { refusal: { type: 'InvalidAmount', message: 'A request has 1 to 100 lines.', field: 'operations' } };
  const lines = [];
  let total = 0;
  let creditType;
  for (const { operation, quantity = 1 } of wanted) {
    const found = OPERATIONS.get(operation);
    if (!found)
      return { refusal: { type: 'OperationUnknown', message: `There is no operation ${operation}.`, operation } };
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 10_000)
      return {
        refusal: { type: 'InvalidAmount', message: 'A line has 1 to 10,000 of an operation.', field: 'quantity' },
      };
    if (creditType && creditType !== found.creditType)
      return { refusal: { type: 'MixedCreditTypes', message: 'One request, one credit type.' } };
    creditType = found.creditType;
    const credits = found.credits * quantity;
    total += credits;
    lines.push({
      operation,
      feature: found.feature,
      type: found.type,
      quantity,
      unitCredits: found.credits,
      credits,
      committed: 0,
    });
  }
  const ttlSeconds = input.ttlSeconds ?? 900;
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > 86_400)
    return { refusal: { type: 'InvalidAmount', message: 'A hold lasts 1 to 86,400 seconds.', field: 'ttlSeconds' } };
  return { lines, total, creditType, ttlSeconds };
}

/** The input with defaults filled in, as it is kept beside the answer. */
export function canonicalReserve(input) {
  return {
    operations: input.operations.map((line) => ({ operation: line.operation, quantity: line.quantity ?? 1 })),
    ttlSeconds: input.ttlSeconds ?? 900,
    project: input.project ?? null,
    member: input.member ?? null,
    reference: input.reference ?? null,
  };
}
export function canonicalCommit(input) {
  return {
    reservationId: input.reservationId,
    amount: input.amount ?? null,
    final: input.final ?? true,
    outcome: input.outcome ?? 'SUCCEEDED',
    policy: input.policy ?? 'REJECT',
  };
}

/** The kept answer for a repeated key, or a conflict that names the fields that differ. */
export function answerRepeated(kept, input) {
  const fields = Object.keys(input).filter((field) => stable(kept.input[field]) !== stable(input[field]));
  if (fields.length) return { type: 'IdempotencyConflict', message: 'This key was used with other input.', fields };
  return { ...kept.answer, replayed: true };
}
function stable(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`;
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${key}:${stable(value[key])}`)
    .join(',')}}`;
}

/** Closes what is due on the account: expired holds, expired grants, the period. One entry group each. */
export function advance(account, grants, dueHolds, now, out) {
  for (const hold of dueHolds) {
    account.version += 1;
    const back = hold.held;
    for (const draw of hold.draws) {
      const grant = grants.find((candidate) => candidate.id === draw.grantId);
      if (draw.held > 0) {
        record(out, account, grant, 'RELEASE', draw.held, now, 'The hold ran out.', hold.id);
        out.touchedGrants.add(grant);
      }
      draw.held = 0;
    }
    Object.assign(hold, {
      status: 'EXPIRED',
      released: hold.released + back,
      held: 0,
      closedAt: now,
      version: account.version,
      draws: [...hold.draws],
    });
    out.events.push(makeEvent(account, 'RESERVATION_EXPIRED', { reservationId: hold.id, credits: back }, now));
  }
  for (const grant of grants) {
    if (grant.available > 0 && grant.expiresAt && grant.expiresAt <= now) {
      account.version += 1;
      record(out, account, grant, 'EXPIRE', grant.available, now, 'The grant expired.');
      out.touchedGrants.add(grant);
    }
  }
  while (account.periodEnd <= now) {
    const end = new Date(account.periodEnd);
    end.setUTCMonth(end.getUTCMonth() + 1);
    Object.assign(account, {
      version: account.version + 1,
      periodNumber: account.periodNumber + 1,
      periodStart: account.periodEnd,
      periodEnd: end,
    });
    const { allowance } = PLANS[account.plan];
    if (allowance > 0) {
      const grant = {
        id: randomUUID(),
        accountId: account.id,
        creditType: 'STANDARD',
        source: 'ALLOWANCE',
        priority: 10,
        granted: 0,
        available: 0,
        held: 0,
        spent: 0,
        expired: 0,
        effectiveAt: account.periodStart,
        expiresAt: end,
        createdAt: now,
      };
      record(out, account, grant, 'GRANT', allowance, now, 'Allowance of the period.');
      grants.push(grant);
      out.newGrants.push(grant);
    }
    out.events.push(makeEvent(account, 'PERIOD_RESET', { period: account.periodNumber, granted: allowance }, now));
  }
}

export const newOutput = () => ({ entries: [], usage: [], events: [], newGrants: [], touchedGrants: new Set() });

/** Decides a reserve on locked rows. Returns the reservation to insert (or none) and the answer to keep. */
export function decideReserve(account, grants, input, priced, now, out) {
  const { lines, total, creditType, ttlSeconds } = priced;
  const plan = PLANS[account.plan];
  const barred = lines.find(
    (line) =>
      (line.feature === 'PRODUCTION_ROOM' && !plan.productionRoom) || (line.type === 'DEEP_SCAN' && !plan.deepScans),
  );
  if (barred)
    return {
      answer: {
        type: 'OperationNotInPlan',
        message: `${barred.operation} is not part of this plan.`,
        operation: barred.operation,
        plan: account.plan,
        replayed: false,
      },
    };
  const usable = grants
    .filter(
      (grant) =>
        grant.creditType === creditType &&
        grant.available > 0 &&
        grant.effectiveAt <= now &&
        (!grant.expiresAt || now < grant.expiresAt) &&
        !(account.plan === 'FREE' && PURCHASED.has(grant.source)),
    )
    .sort(burnOrder);
  const available = usable.reduce((sum, grant) => sum + grant.available, 0);
  const before = readBuckets(account, creditType);
  if (available < total) {
    return {
      answer: {
        type: 'InsufficientCredits',
        message: `This needs ${total} credits and ${available} are available.`,
        creditType,
        needed: total,
        available,
        held: before.held,
        shortfall: total - available,
        nextResetAt: account.periodEnd.toISOString(),
        version: account.version,
        replayed: false,
      },
    };
  }
  account.version += 1;
  const id = randomUUID();
  const draws = [];
  let rest = total;
  for (const grant of usable) {
    if (rest === 0) break;
    const credits = Math.min(rest, grant.available);
    rest -= credits;
    draws.push({ grantId: grant.id, source: grant.source, credits, held: credits });
    record(
      out,
      account,
      grant,
      'RESERVE',
      credits,
      now,
      `Held for ${lines.map((line) => `${line.quantity} x ${line.operation}`).join(', ')}, price list ${PRICE_LIST_VERSION}, from ${grant.source}.`,
      id,
    );
    out.touchedGrants.add(grant);
  }
  checkLevels(account, creditType, now, out);
  const reservation = {
    id,
    accountId: account.id,
    creditType,
    status: 'HELD',
    reserved: total,
    held: total,
    committed: 0,
    released: 0,
    lines,
    draws,
    priceListVersion: PRICE_LIST_VERSION,
    project: input.project ?? null,
    member: input.member ?? null,
    reference: input.reference ?? null,
    outcome: null,
    version: account.version,
    createdAt: now,
    expiresAt: new Date(now.getTime() + ttlSeconds * 1000),
    closedAt: null,
  };
  return { reservation, answer: receipt(account, reservation, creditType) };
}

/** Decides a commit (part, final, with outcome) on locked rows. Changes the reservation in place. */
export function decideCommit(account, grants, reservation, input, now, out) {
  if (reservation.status !== 'HELD')
    return {
      answer: {
        type: 'ReservationClosed',
        message: `The reservation is ${reservation.status}.`,
        reservation: show(reservation),
        replayed: false,
      },
    };
  const outcome = input.outcome ?? 'SUCCEEDED';
  const isFinal = outcome !== 'SUCCEEDED' || (input.final ?? true);
  const amount = outcome === 'SUCCEEDED' ? (input.amount ?? reservation.held) : 0;
  if (!Number.isSafeInteger(amount) || amount < 0)
    return {
      answer: {
        type: 'InvalidAmount',
        message: 'An amount is a whole number of credits.',
        field: 'amount',
        replayed: false,
      },
    };
  if (amount > reservation.held)
    return {
      answer: {
        type: 'CommitExceedsReservation',
        message: 'More than is held.',
        held: reservation.held,
        requested: amount,
        replayed: false,
      },
    };
  account.version += 1;
  let spend = amount;
  for (const draw of reservation.draws) {
    const credits = Math.min(spend, draw.held);
    if (credits === 0) continue;
    const grant = grants.find((candidate) => candidate.id === draw.grantId);
    spend -= credits;
    draw.held -= credits;
    record(out, account, grant, 'COMMIT', credits, now, 'Work done.', reservation.id);
    out.touchedGrants.add(grant);
  }
  let left = reservation.held - amount;
  const closes = isFinal || left === 0;
  if (closes && left > 0) {
    for (const draw of [...reservation.draws].reverse()) {
      if (draw.held === 0) continue;
      const grant = grants.find((candidate) => candidate.id === draw.grantId);
      record(out, account, grant, 'RELEASE', draw.held, now, 'Not needed.', reservation.id);
      out.touchedGrants.add(grant);
      draw.held = 0;
    }
  }
  const released = closes ? left : 0;
  left -= released;
  let fill = amount;
  const day = now.toISOString().slice(0, 10);
  for (const line of reservation.lines) {
    const credits = Math.min(fill, line.credits - line.committed);
    if (credits === 0 && line.credits > 0) continue;
    fill -= credits;
    line.committed += credits;
    out.usage.push({
      id: randomUUID(),
      accountId: account.id,
      reservationId: reservation.id,
      day,
      feature: line.feature,
      type: line.type,
      operation: line.operation,
      project: reservation.project,
      member: reservation.member,
      credits,
      operations: line.quantity,
    });
  }
  Object.assign(reservation, {
    held: left,
    committed: reservation.committed + amount,
    released: reservation.released + released,
    version: account.version,
    draws: [...reservation.draws],
    lines: [...reservation.lines],
    ...(closes ? { status: 'COMMITTED', outcome, closedAt: now } : {}),
  });
  checkLevels(account, reservation.creditType, now, out);
  return { answer: receipt(account, reservation, reservation.creditType) };
}

/** Priority, expiry (never last), free before paid, start, creation, id. */
function burnOrder(a, b) {
  return (
    a.priority - b.priority ||
    (a.expiresAt?.getTime() ?? Infinity) - (b.expiresAt?.getTime() ?? Infinity) ||
    Number(a.source === 'PURCHASE') - Number(b.source === 'PURCHASE') ||
    a.effectiveAt - b.effectiveAt ||
    a.createdAt - b.createdAt ||
    (a.id < b.id ? -1 : 1)
  );
}

const MOVES = {
  GRANT: ['granted', 'available'],
  RESERVE: ['available', 'held'],
  COMMIT: ['held', 'spent'],
  RELEASE: ['held', 'available'],
  EXPIRE: ['available', 'expired'],
};

/** Moves credits in the grant and the account, and writes the entry that says so. */
function record(out, account, grant, kind, amount, now, explanation, reservationId = null) {
  const [from, to] = MOVES[kind];
  const prefix = grant.creditType === 'STANDARD' ? 'standard' : 'scan';
  const name = (bucket) => `${prefix}${bucket[0].toUpperCase()}${bucket.slice(1)}`;
  const availableBefore = account[name('available')];
  const heldBefore = account[name('held')];
  const sign = kind === 'GRANT' ? 1 : -1;
  grant[from] += sign * amount;
  grant[to] += amount;
  account[name(from)] += sign * amount;
  account[name(to)] += amount;
  if (grant[from] < 0 || account[name(from)] < 0) throw new Error(`account ${account.id}: ${from} below zero`);
  const last = out.entries.at(-1);
  out.entries.push({
    id: randomUUID(),
    accountId: account.id,
    version: account.version,
    ordinal: last?.version === account.version ? last.ordinal + 1 : 0,
    kind,
    creditType: grant.creditType,
    amount,
    availableBefore,
    availableAfter: account[name('available')],
    heldBefore,
    heldAfter: account[name('held')],
    grantId: grant.id,
    reservationId,
    actor: 'service:bench',
    at: now,
    explanation,
  });
}

function readBuckets(account, creditType) {
  return creditType === 'STANDARD'
    ? { available: account.standardAvailable, held: account.standardHeld }
    : { available: account.scanAvailable, held: account.scanHeld };
}

/** Fires on the way down, re-arms above threshold and margin; one event a movement, the most severe level. */
function checkLevels(account, creditType, now, out) {
  const { available, held } = readBuckets(account, creditType);
  const state = account.levels[creditType];
  const margin = Math.max(CHEAPEST[creditType], Math.floor(state.base / 20));
  let fired;
  let armed;
  const next = { ...state };
  for (const [level, percent] of LEVELS) {
    const threshold = Math.floor((state.base * percent) / 100);
    if (percent > 0 && state.base === 0) continue;
    if (!state[level] && available <= threshold) {
      next[level] = true;
      fired = { level, threshold };
    }
    if (state[level] && available >= threshold + margin) {
      next[level] = false;
      next.base = available + held;
      armed ??= { level, threshold };
    }
  }
  if (!fired && !armed) return;
  account.levels = { ...account.levels, [creditType]: next };
  out.events.push(
    makeEvent(
      account,
      fired ? 'BALANCE_LOW' : 'BALANCE_RECOVERED',
      { creditType, available, ...(fired ?? armed) },
      now,
    ),
  );
}
const makeEvent = (account, type, data, now) => ({
  id: randomUUID(),
  accountId: account.id,
  version: account.version,
  type,
  data,
  createdAt: now,
});

function receipt(account, reservation, creditType) {
  const { available, held } = readBuckets(account, creditType);
  return {
    type: 'ReservationReceipt',
    reservation: show(reservation),
    balance: { accountId: account.id, creditType, available, held, version: account.version },
    replayed: false,
  };
}
const show = (reservation) => ({
  id: `${reservation.accountId}.${reservation.id}`,
  accountId: reservation.accountId,
  status: reservation.status,
  reserved: reservation.reserved,
  held: reservation.held,
  committed: reservation.committed,
  released: reservation.released,
  version: reservation.version,
  expiresAt: reservation.expiresAt.toISOString(),
});

/** A reservation's public id carries its account, so that the account can be locked first. */
export function parseReservationId(id) {
  const [accountId, uuid] = String(id).split('.');
  if (!/^[0-9a-f-]{36}$/.test(accountId) || !/^[0-9a-f-]{36}$/.test(uuid ?? ''))
    throw new Error('malformed reservation id');
  return { accountId, uuid };
}
