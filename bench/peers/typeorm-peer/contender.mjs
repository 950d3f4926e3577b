import pg from 'pg';
import { randomUUID } from 'node:crypto';
import { createPeerTables, findPeerFaults } from '../seed.mjs';
import { operationsFor } from '../../load.mjs';
import { openTypeormPeer } from './ledger.mjs';
import { serveApollo } from './api.mjs';

export async function openContender({ connectionString, accounts, poolSize = 16, port, secret }) {
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  const ids = await createPeerTables(admin, accounts);
  const peer = await openTypeormPeer({ connectionString, poolSize });
  const server = await serveApollo(peer, { port, secret });
  return {
    info: { ids, url: `http://127.0.0.1:${port}/` },
    async pair(index, _callerId, halfway) {
      const reserved = await peer.reserveCredits({
        accountId: ids[index],
        idempotencyKey: randomUUID(),
        operations: operationsFor(),
        project: 'bench',
      });
      if (reserved.type !== 'ReservationReceipt') throw new Error(reserved.message);
      halfway();
      const committed = await peer.commitReservation({
        reservationId: reserved.reservation.id,
        idempotencyKey: randomUUID(),
      });
      if (committed.type !== 'ReservationReceipt') throw new Error(committed.message);
    },
    check: () => findPeerFaults(admin),
    maintain: () => admin.query('VACUUM (ANALYZE)'),
    async close() {
      await server.stop();
      await peer.close();
      await admin.end();
    },
  };
}
