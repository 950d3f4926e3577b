/**
 * What is done in a database before it is frozen: every kind of row, event, answer and refusal that this version writes. A version
 * that writes another kind does it here too, and freezes the next database.
 */

const image = (quantity, size = 'short') => [{ operation: `image.${size}`, quantity }];

/** @param studio  from `Studio` in freeze.mjs */
export async function workOnPro(studio) {
  const pro = await studio.open('pro', {
    name: 'Studio Ünïcode „Ü“',
    plan: 'PRO',
    externalId: 'frozen-pro',
    timeZone: 'Europe/Berlin',
    billingAnchor: '2025-12-31T09:30:00.000Z',
  });
  const other = await studio.open('other', { plan: 'ENTERPRISE', timeZone: 'Asia/Kolkata' });
  await grants(pro);
  await quotes(pro, other);
  const first = await holds(pro);
  await refusals(pro, first);
  await ends(pro);
  await levels(pro);
  await people(studio, pro);
  // What stays open: a hold, and a longer one that was committed in part.
  await pro.reserve({ operations: image(2), ttlSeconds: 86_400, reference: 'stays-open' });
  const partly = await pro.reserve({ operations: [...image(2), { operation: 'audio.short' }], ttlSeconds: 3_600 });
  await pro.commit(partly, { amount: 7, final: false });
  await pro.extend(partly, { ttlSeconds: 7_200 });
  await pro.quoted('image.short', 2);
}

async function grants(pro) {
  await pro.grant({ credits: 50, expiresAt: '2026-02-10T00:00:00.000Z', reason: 'Willkommen: 50 für den Anfang' });
  await pro.grant({ credits: 300, source: 'BONUS', reason: 'Thanks' });
  await pro.grant({ credits: 7, source: 'ADJUSTMENT', reason: 'Correction', expiresAt: '2027-01-01T00:00:00.000Z' });
  await pro.grant({ credits: 3, creditType: 'SCAN', reason: 'Scans' });
  await pro.grant({ credits: 9, reason: 'Too late', expiresAt: '2020-01-01T00:00:00.000Z' });
}

async function quotes(pro, other) {
  const token = await pro.quote(image(3, 'long'));
  await pro.reserve({
    quoteToken: token,
    project: 'Spring launch',
    reference: 'job-1',
    member: 'anna',
    ttlSeconds: 600,
  });
  await pro.reserve({ quoteToken: `${token.slice(0, -2)}xx` });
  await pro.reserve({ quoteToken: await other.quote(image(1)) });
  const late = await pro.quote(image(1));
  await pro.advance('2026-01-31T10:09:00.000Z');
  await pro.advance('2026-01-31T10:11:00.000Z');
  await pro.reserve({ quoteToken: late });
}

async function holds(pro) {
  const whole = await pro.reserve({ operations: image(1, 'mid') });
  await pro.commit(whole, {});
  const parts = await pro.reserve({
    operations: [...image(2), { operation: 'audio.short', quantity: 1 }],
    project: 'Autumn',
  });
  await pro.commit(parts, { amount: 5, final: false });
  await pro.commit(parts, { operations: [{ operation: 'audio.short' }] });
  const released = await pro.reserve({ operations: image(4) });
  await pro.release(released);
  const failed = await pro.reserve({ operations: image(1) });
  await pro.commit(failed, { outcome: 'FAILED' });
  const more = await pro.reserve({ operations: image(1) });
  await pro.commit(more, { amount: 9, policy: 'IF_AVAILABLE' });
  const grown = await pro.reserve({ operations: image(2) });
  await pro.add(grown, { operations: image(1, 'mid') });
  await pro.commit(grown, { operations: image(1), final: false });
  await pro.add(grown, { operations: [{ operation: 'deep_scan' }] });
  await pro.commit(grown, {});
  await pro.spend({
    operations: [{ operation: 'regeneration.basic', quantity: 2 }, { operation: 'content.generate' }],
  });
  await pro.spend({ operations: [{ operation: 'deep_scan' }], member: 'ben' });
  await pro.spend({ operations: [{ operation: 'media.upload', quantity: 3 }], project: '🎬 Film' });
  return released;
}

async function refusals(pro, released) {
  const hold = await pro.reserve({ operations: image(1, 'long') });
  await pro.extend(hold, { ttlSeconds: 3_600 });
  await pro.extend(hold, { ttlSeconds: 1 });
  await pro.commit(hold, { amount: 21 });
  await pro.commit(released, {});
  await pro.release(released);
  await pro.extend(released, { ttlSeconds: 60 });
  await pro.reserve({ operations: [{ operation: 'video.long', quantity: 9 }] });
  await pro.reserve({ operations: [{ operation: 'no.such' }] });
  await pro.reserve({ operations: [...image(1), { operation: 'deep_scan' }] });
  await pro.spend({ operations: [{ operation: 'deep_scan', quantity: 40 }] });
  await pro.release(hold);
}

/** Holds that expire, one of them committed late for more than it held; grants and periods that end. */
async function ends(pro) {
  const lapsed = await pro.reserve({ operations: image(3, 'mid'), ttlSeconds: 300 });
  const late = await pro.reserve({ operations: image(2, 'mid'), ttlSeconds: 300, project: 'Spring launch' });
  await pro.advance('2026-01-31T12:00:00.000Z');
  await pro.commit(late, { amount: 25, policy: 'IF_AVAILABLE' });
  await pro.advance('2026-02-11T08:00:00.000Z');
  await pro.commit(lapsed, {});
  await pro.advance('2026-03-01T08:00:00.000Z');
}

async function levels(pro) {
  await pro.spend({ operations: image(60) });
  await pro.spend({ operations: [{ operation: 'video.mid' }] });
  const { available } = (await pro.ask('account', {})).account.standard;
  await pro.spend({ operations: [{ operation: 'regeneration.basic', quantity: available - 4 }] });
  await pro.spend({ operations: [{ operation: 'regeneration.basic', quantity: 4 }] });
  // The courtesy, twice: it passes at 0 when nothing is left.
  await pro.spend({ operations: [{ operation: 'regeneration.basic' }] });
  await pro.reserve({ operations: [{ operation: 'regeneration.basic' }] });
  await pro.grant({ credits: 400, reason: 'Again' });
}

async function people(studio, pro) {
  const owner = studio.as('owner', { kind: 'user', sub: 'carla', accounts: { [pro.id]: 'owner' } });
  const hold = await pro.reserve({ operations: image(1) }, owner);
  await pro.commit(hold, {}, owner);
  await studio.makeKey(owner, pro, ['credits:read', 'credits:reserve']);
  await pro.spend({ operations: image(1), reference: 'by key' }, 'key');
}

export async function workOnFree(studio) {
  const free = await studio.open('free', { plan: 'FREE' });
  await free.reserve({ operations: image(1) });
  await free.grant({ credits: 20, reason: 'To begin with' });
  await free.spend({ operations: [{ operation: 'regeneration.advanced', quantity: 9 }] });
  await free.advance('2026-04-15T00:00:00.000Z');
}

/** A live account: its time goes on, so only its books are compared. */
export async function workOnLive(studio) {
  const live = await studio.open('live', { plan: 'ENTERPRISE', sandbox: false, externalId: 'frozen-live' });
  await live.grant({ credits: 10, reason: 'Live' });
  const hold = await live.reserve({ operations: image(2) });
  await live.commit(hold, { amount: 4 });
  await live.reserve({ operations: image(1, 'long'), ttlSeconds: 600 });
}
