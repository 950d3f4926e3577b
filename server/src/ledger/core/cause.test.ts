import { CAUSES, factsOf, isCause } from './cause.js';

test('every cause that moves credits says why, for programs', () => {
  const silent = Object.keys(CAUSES).filter((name) => {
    if (!isCause(name)) return false;
    const { effect, released, expired, revoked, tellsGrants, of } = factsOf(name);
    const moves = (effect !== null && effect !== 'prolongs') || released || expired || revoked || tellsGrants;
    return Boolean(moves) && of === null;
  });
  expect(silent).toEqual([]);
});
