/** What is done with money before a database is frozen: purchases in every state, refunds, a dispute, auto top-up, changes of plan. */

/** What a buyer does at the checkout of the sandbox's provider. */
async function payAt(checkoutUrl, outcome) {
  const response = await fetch(checkoutUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome }),
  });
  if (!response.ok) throw new Error(`${outcome} at ${checkoutUrl}: ${response.status} ${await response.text()}`);
}

async function buy(account, packId, outcomes, more = {}) {
  const { purchaseCredits } = await account.studio.command('buy', 'service', account.input({ packId, ...more }));
  const { id } = purchaseCredits.purchase;
  const { purchase } = await account.ask('checkout', { purchaseId: id });
  for (const outcome of outcomes) await payAt(purchase.checkoutUrl, outcome);
  return id;
}

/** @param studio  from `Studio` in freeze.mjs */
export async function workWithMoney(studio) {
  const buyer = await studio.open('buyer', { plan: 'PRO', timeZone: 'America/Sao_Paulo' });
  const paid = await buy(buyer, 'pack.200', ['succeed'], { savePaymentMethod: true });
  const disputed = await buy(buyer, 'pack.50', ['succeed', 'dispute']);
  await buy(buyer, 'pack.50', ['succeed', 'dispute', 'dispute_won']);
  await buy(buyer, 'pack.50', ['decline']);
  await buy(buyer, 'pack.50', ['cancel']);
  await buy(buyer, 'pack.50', ['needs_buyer', 'succeed']);
  await buy(buyer, 'pack.50', ['duplicate']);
  await buy(buyer, 'pack.50', ['delay_failed']);
  await buyer.advance('2026-01-31T12:00:00.000Z');
  await buyer.spend({ operations: [{ operation: 'video.mid', quantity: 3 }] });
  await refunds(buyer, paid, disputed);
  await topUp(buyer);
  await plans(buyer);
  await buyer.advance('2026-04-15T00:00:00.000Z');
  // Under way when the database is frozen.
  await buy(buyer, 'pack.200', ['never']);
  await buy(buyer, 'pack.50', []);
}

async function refunds(buyer, paid, disputed) {
  const { studio } = buyer;
  const refund = (purchaseId) => studio.command('refund', 'service', { purchaseId, idempotencyKey: buyer.key() });
  await refund(paid);
  await refund(paid);
  await refund(disputed);
  const { grantCredits } = await buyer.grant({ credits: 30, reason: 'By mistake' });
  await studio.command('revoke', 'operator', buyer.input({ grantId: grantCredits.grant.id, reason: 'Taken back' }));
}

async function topUp(buyer) {
  const { studio } = buyer;
  const rule = { accountId: buyer.id, enabled: true, packId: 'pack.50', threshold: 40, purchasesPerPeriodMax: 2 };
  const set = (input) => studio.keyed('topUp', 'service', input, buyer.key());
  await set(rule);
  const { available } = (await buyer.ask('account', {})).account.standard;
  await buyer.spend({ operations: [{ operation: 'regeneration.basic', quantity: available - 20 }] });
  await studio.until(async () => (await buyer.ask('account', {})).account.standard.available > 40);
  await set({ ...rule, packId: 'pack.none' });
  await set({ accountId: buyer.id, enabled: false });
}

async function plans(buyer) {
  const change = (plan) => buyer.studio.command('plan', 'service', buyer.input({ plan }));
  await change('ENTERPRISE');
  await buyer.advance('2026-02-10T00:00:00.000Z');
  await change('PRO');
  await buyer.advance('2026-03-05T00:00:00.000Z');
  await change('FREE');
  await change('PRO');
}
