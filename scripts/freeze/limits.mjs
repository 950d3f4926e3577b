/** What is limited before a database is frozen: budgets of every window and scope, credits set aside, levels, work that they refuse. */

const image = (quantity) => [{ operation: 'image.short', quantity }];

/** @param studio  from `Studio` in freeze.mjs */
export async function workWithLimits(studio) {
  const team = await studio.open('team', { plan: 'ENTERPRISE', timeZone: 'Europe/Paris' });
  const budget = async (input) => {
    const { setBudget } = await studio.keyed('budget', 'service', { accountId: team.id, ...input }, team.key());
    return setBudget.budget?.id;
  };
  const film = await budget({ name: 'Film a day', project: 'Film', window: 'DAY', limit: 20 });
  await budget({ name: 'Each of us', eachMember: true, window: 'WEEK', limit: 30, hard: false });
  await budget({ name: 'Ben', member: 'ben', window: 'PERIOD', limit: 15 });
  await budget({ name: 'Videos ever', type: 'VIDEO', window: 'LIFETIME', limit: 100 });
  await budget({ name: 'Kept for the launch', project: 'Launch', setAside: true, window: 'PERIOD', limit: 120 });
  const gone = await budget({ name: 'Gone', feature: 'BRAND_SCAN', window: 'HOUR', limit: 50 });
  await studio.ask('removeBudget', 'service', { budgetId: gone });
  await setLevels(team);
  await work(team);
  await budget({ id: film, name: 'Film a day', project: 'Film', window: 'DAY', limit: 40 });
  await team.advance('2026-02-03T10:00:00.000Z');
  await team.spend({ operations: image(5), project: 'Film', member: 'anna' });
  await team.reserve({ operations: image(1), project: 'Film', member: 'ben', ttlSeconds: 86_400 });
}

function setLevels(team) {
  const levels = [
    { level: 'LOW', percent: 50 },
    { level: 'CRITICAL', credits: 90 },
  ];
  return team.ask('levels', { input: { accountId: team.id, levels } });
}

async function work(team) {
  const held = await team.reserve({ operations: image(3), project: 'Film', member: 'anna' });
  await team.reserve({ operations: image(2), project: 'Film', member: 'ben' });
  await team.commit(held, { amount: 10 });
  await team.spend({ operations: image(2), project: 'Film' });
  await team.spend({ operations: image(4), member: 'ben' });
  await team.spend({ operations: [{ operation: 'video.short', quantity: 5 }], member: 'anna' });
  await team.spend({ operations: image(1_000), member: 'carla' });
  await team.spend({ operations: [{ operation: 'regeneration.basic', quantity: 200 }], member: 'carla' });
  await team.spend({ operations: image(2), project: 'Launch', member: 'carla' });
  const late = await team.reserve({ operations: image(2), project: 'Launch', ttlSeconds: 300 });
  await team.advance('2026-01-31T11:00:00.000Z');
  await team.commit(late, {});
}
