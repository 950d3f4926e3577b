/** The product's server in this process: its WebSocket door, its hub, its shared executions. Balances come from here. */
import { randomBytes } from 'node:crypto';
import { formatId } from '@aibc/shared/ids';
import { SignJWT } from 'jose';
import { createApp } from '../../server/dist/app.js';
import { readEnv } from '../../server/dist/env.js';
import { createSharedSubscribe } from '../../server/dist/live/shared-subscribe.js';
import { answerParent } from '../child.mjs';
import { seedAccounts } from '../engine/ledger.mjs';
import { balanceAt, memoryAfterCollection, publishFor } from './message.mjs';

let app;
let accountId;
let view;

/** A balance as the ledger would tell it after a commit. */
function publish(turn) {
  const { available, held, used, level } = balanceAt(turn);
  const version = view.version + turn;
  const balance = { ...view, available, held, used, level, version };
  const balances = { STANDARD: balance, SCAN: { ...balance, creditType: 'SCAN' } };
  app.live.hub.publish({ accountId, version, balances }, app.live.hub.era);
}

answerParent({
  async open({ connectionString, writesFrames }) {
    const secret = randomBytes(32).toString('hex');
    app = await createApp(
      readEnv({
        NODE_ENV: 'production',
        DATABASE_URL: connectionString,
        AUTH_JWT_SECRET: secret,
        HOST: '127.0.0.1',
        PORT: '0',
        LOG_LEVEL: 'error',
      }),
      writesFrames === undefined ? {} : { shared: createSharedSubscribe(writesFrames) },
    );
    const url = await app.listen();
    [accountId] = await seedAccounts(app.ledger, 1);
    const outcome = await app.ledger.submit({
      type: 'advance',
      accountId,
      actor: { name: 'system', member: 'system', closesAny: true },
    });
    view = {
      accountId,
      creditType: 'STANDARD',
      available: 0,
      held: 0,
      used: 0,
      allowance: 500,
      allowanceLeft: 0,
      purchased: 0,
      promotional: 0,
      waiting: 0,
      level: 'OK',
      nextResetAt: outcome.account.period.end,
      version: outcome.account.version,
      asOf: Date.UTC(2026, 0, 1),
    };
    const token = await new SignJWT({ kind: 'service', scope: 'credits:read', name: 'bench' })
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject('bench')
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret));
    return { url: `${url}/graphql`, token, accountId: formatId('acct', accountId) };
  },
  async publish({ rate, seconds }) {
    const result = await publishFor({ publish, rate, seconds });
    view = { ...view, version: view.version + result.published };
    return result;
  },
  memory: () => memoryAfterCollection(),
  close: async () => {
    await app.close();
    return null;
  },
});
