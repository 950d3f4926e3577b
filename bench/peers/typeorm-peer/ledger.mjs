/**
 * Peer (a): as most people would write it. TypeORM, one transaction a request, a pessimistic lock on the account, then
 * `find` and `save`.
 */
import { DataSource, LessThanOrEqual, MoreThan } from 'typeorm';
import {
  advance,
  answerRepeated,
  canonicalCommit,
  canonicalReserve,
  decideCommit,
  decideReserve,
  newOutput,
  parseReservationId,
  priceLines,
} from '../rules.mjs';
import { Account, Entry, Event, Grant, IdempotencyKey, Reservation, Usage } from './entities.mjs';

export async function openTypeormPeer({ connectionString, poolSize }) {
  const source = await new DataSource({
    type: 'postgres',
    url: connectionString,
    entities: [Account, Grant, Reservation, IdempotencyKey, Entry, Usage, Event],
    extra: { max: poolSize },
  }).initialize();

  return {
    source,
    close: () => source.destroy(),

    async reserveCredits(input) {
      const priced = priceLines(input);
      if (priced.refusal) return priced.refusal;
      const kept = canonicalReserve(input);
      return source.transaction(async (manager) => {
        const account = await lockAccount(manager, input.accountId);
        const repeated = await manager.findOneBy(IdempotencyKey, {
          accountId: account.id,
          scope: 'reserve',
          key: input.idempotencyKey,
        });
        if (repeated) return answerRepeated(repeated, kept);
        const now = new Date();
        const out = newOutput();
        const due = await findDueHolds(manager, account.id, now);
        const grants = await findGrants(manager, account.id);
        advance(account, grants, due, now, out);
        const { reservation, answer } = decideReserve(account, grants, input, priced, now, out);
        await store(manager, account, due, out);
        if (reservation) await manager.save(Reservation, reservation);
        await manager.save(IdempotencyKey, {
          accountId: account.id,
          scope: 'reserve',
          key: input.idempotencyKey,
          input: kept,
          answer,
          createdAt: now,
        });
        return answer;
      });
    },

    async commitReservation(input) {
      const { accountId, uuid } = parseReservationId(input.reservationId);
      const kept = canonicalCommit(input);
      return source.transaction(async (manager) => {
        const account = await lockAccount(manager, accountId);
        const repeated = await manager.findOneBy(IdempotencyKey, {
          accountId: account.id,
          scope: 'commit',
          key: input.idempotencyKey,
        });
        if (repeated) return answerRepeated(repeated, kept);
        const now = new Date();
        const out = newOutput();
        const due = await findDueHolds(manager, account.id, now);
        const grants = await findGrants(manager, account.id);
        advance(account, grants, due, now, out);
        const reservation =
          due.find((hold) => hold.id === uuid) ??
          (await manager.findOneByOrFail(Reservation, { accountId: account.id, id: uuid }));
        const { answer } = decideCommit(account, grants, reservation, input, now, out);
        await store(manager, account, [...due.filter((hold) => hold !== reservation), reservation], out);
        await manager.save(IdempotencyKey, {
          accountId: account.id,
          scope: 'commit',
          key: input.idempotencyKey,
          input: kept,
          answer,
          createdAt: now,
        });
        return answer;
      });
    },
  };
}

const lockAccount = (manager, id) =>
  manager.findOneOrFail(Account, { where: { id }, lock: { mode: 'pessimistic_write' } });
const findDueHolds = (manager, accountId, now) =>
  manager.find(Reservation, {
    where: { accountId, status: 'HELD', expiresAt: LessThanOrEqual(now) },
    order: { expiresAt: 'ASC' },
  });
const findGrants = (manager, accountId) =>
  manager.find(Grant, {
    where: [
      { accountId, available: MoreThan(0) },
      { accountId, held: MoreThan(0) },
    ],
  });

/** New rows have no id yet, so that `save` inserts them without looking for them first. */
async function store(manager, account, reservations, out) {
  await manager.save(Account, account);
  const grants = [...out.touchedGrants, ...out.newGrants];
  if (grants.length) await manager.save(Grant, grants);
  if (reservations.length) await manager.save(Reservation, reservations);
  if (out.entries.length) await manager.save(Entry, withoutIds(out.entries));
  if (out.usage.length) await manager.save(Usage, withoutIds(out.usage));
  if (out.events.length) await manager.save(Event, withoutIds(out.events));
}
const withoutIds = (rows) => rows.map(({ id: _id, ...row }) => row);
