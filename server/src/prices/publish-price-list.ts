import type { DataSource, EntityManager } from 'typeorm';
import { NO_ACCOUNT } from '../audit/actions.js';
import { writeAudit } from '../audit/write-audit.js';
import { planSidePriceLists, priceListInForce, type WrittenList } from '../catalog/plan-price-lists.js';
import { closePriceGate } from '../catalog/price-gate.js';
import { appendPriceLists, readPriceLists } from '../catalog/written-price-lists.js';
import { MIGRATION_LOCK } from '../db/migrate.js';
import {
  differingInput,
  outcomeFromText,
  outcomeText,
  type PublicationInput,
  type PublicationOutcome,
  publicationText,
} from './kept-publication.js';
import { PricePublicationEntity } from './price-publication.entity.js';

/** How long a publication waits for others, and for the migrations and editions of a process that starts. */
const TURN_MS_MAX = 3_000;

/** A publication that is asked for. `key` and `scope` as of any mutation, within its side. */
export interface Publication extends PublicationInput {
  readonly key: string;
  readonly scope: string;
  /** Who publishes, as the audit log names it. */
  readonly actor: string;
}

export type Published =
  | { readonly outcome: PublicationOutcome; readonly replayed: boolean }
  | { readonly differs: readonly string[] };

/**
 * Publishes new costs of some operations for one side, from an instant on that nobody has priced anything at yet.
 *
 * What it does not name keeps its cost: that of the list in force then, and what later lists that are there already say of it. Everything
 * is one transaction: lists, what the key keeps, the audit log. Publications come one after the other, with those of new editions, so that
 * versions have no gap; nothing is priced between the choice of the instant and the commit.
 *
 * Kept under the key: the list, OperationUnknown for an operation that is not sold at that instant, InvalidAmount `effectiveAt` for a past one.
 *
 * @throws QueryFailedError when others, or a batch of the ledger, do not end in time: nothing is written, the same key may be used again
 * Source: docs/domain.md, Catalogue; docs/decisions/price-gate.md
 */
export function publishPriceList(dataSource: DataSource, asked: Publication): Promise<Published> {
  return dataSource.transaction(async (manager) => {
    await manager.query(`SELECT set_config('lock_timeout', $1, true)`, [String(TURN_MS_MAX)]);
    await manager.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    const { sandbox, key, scope } = asked;
    const kept = await manager.findOneBy(PricePublicationEntity, { sandbox, key, scope });
    if (kept !== null) {
      const differs = differingInput(kept.input, asked);
      return differs.length > 0 ? { differs } : { outcome: outcomeFromText(kept.outcome), replayed: true };
    }
    const outcome = await decide(manager, asked, await readPriceLists(manager));
    await manager.insert(PricePublicationEntity, {
      sandbox,
      key,
      scope,
      input: publicationText(asked),
      outcome: outcomeText(outcome),
    });
    return { outcome, replayed: false };
  });
}

async function decide(
  manager: EntityManager,
  { sandbox, effectiveAt: wanted, prices, note, actor }: Publication,
  lists: readonly WrittenList[],
): Promise<PublicationOutcome> {
  const earliest = await closePriceGate(manager);
  const effectiveAt = wanted ?? earliest;
  if (effectiveAt < earliest)
    return {
      kind: 'InvalidAmount',
      field: 'effectiveAt',
      message: `A price list takes effect now or later: it is ${new Date(earliest).toISOString()}.`,
    };
  const inForce = priceListInForce(lists, effectiveAt, sandbox)?.prices ?? new Map<string, number>();
  const unknown = prices.find(({ operation }) => !inForce.has(operation));
  if (unknown !== undefined) return { kind: 'OperationUnknown', operation: unknown.operation };
  const change = new Map(prices.map(({ operation, credits }) => [operation, credits]));
  const version = await appendPriceLists(manager, lists, planSidePriceLists(lists, change, effectiveAt, sandbox));
  await writeAudit(
    manager,
    { accountId: NO_ACCOUNT, sandbox, actor, at: earliest },
    {
      action: 'price_list.published',
      facts: {
        version,
        sandbox,
        effectiveAt,
        prices: prices.map(({ operation, credits }) => [operation, inForce.get(operation) ?? 0, credits]),
        note,
      },
    },
  );
  return { kind: 'published', version };
}
