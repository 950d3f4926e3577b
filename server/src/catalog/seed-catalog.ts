import type { DataSource } from 'typeorm';
import { appendPriceList } from './append-price-list.js';
import type { CreditType } from './catalog.js';
import { CreditPackEntity } from './credit-pack.entity.js';
import { OperationEntity } from './operation.entity.js';
import { PlanEntity } from './plan.entity.js';

/** Test clocks go back to this instant, so the first prices do too. */
const FIRST_PRICES_EFFECTIVE_AT = Date.UTC(2000, 0, 1);
const CURRENCY = 'USD';

type PlanRow = Pick<PlanEntity, 'code' | 'name' | 'monthlyCredits' | 'priceMinor'> & { isPaid: boolean };

const PLANS: PlanRow[] = [
  { code: 'FREE', name: 'Free', monthlyCredits: 0, isPaid: false, priceMinor: 0 },
  { code: 'PRO', name: 'Pro', monthlyCredits: 100, isPaid: true, priceMinor: 2_900 },
  { code: 'ENTERPRISE', name: 'Enterprise', monthlyCredits: 500, isPaid: true, priceMinor: 12_900 },
];

type OperationRow = Pick<OperationEntity, 'code' | 'name' | 'feature' | 'type' | 'description'> &
  Partial<Pick<OperationEntity, 'size' | 'creditType' | 'requires' | 'courtesyPerDay'>> & { credits: number };

const ROOM = { feature: 'PRODUCTION_ROOM', requires: 'PRODUCTION_ROOM' } as const;

const OPERATIONS: OperationRow[] = [
  {
    code: 'image.short',
    name: 'Short image',
    ...ROOM,
    type: 'IMAGE',
    size: 'SHORT',
    credits: 5,
    description: 'A simple image.',
  },
  {
    code: 'image.mid',
    name: 'Mid image',
    ...ROOM,
    type: 'IMAGE',
    size: 'MID',
    credits: 10,
    description: 'An image of moderate complexity.',
  },
  {
    code: 'image.long',
    name: 'Long image',
    ...ROOM,
    type: 'IMAGE',
    size: 'LONG',
    credits: 20,
    description: 'A complex image.',
  },
  {
    code: 'audio.short',
    name: 'Short audio',
    ...ROOM,
    type: 'AUDIO',
    size: 'SHORT',
    credits: 15,
    description: 'A short audio clip.',
  },
  {
    code: 'audio.mid',
    name: 'Mid audio',
    ...ROOM,
    type: 'AUDIO',
    size: 'MID',
    credits: 30,
    description: 'An audio clip of medium length.',
  },
  {
    code: 'audio.long',
    name: 'Long audio',
    ...ROOM,
    type: 'AUDIO',
    size: 'LONG',
    credits: 50,
    description: 'A long audio clip.',
  },
  {
    code: 'video.short',
    name: 'Short video',
    ...ROOM,
    type: 'VIDEO',
    size: 'SHORT',
    credits: 25,
    description: 'A short video.',
  },
  {
    code: 'video.mid',
    name: 'Mid video',
    ...ROOM,
    type: 'VIDEO',
    size: 'MID',
    credits: 50,
    description: 'A video of medium length.',
  },
  {
    code: 'video.long',
    name: 'Long video',
    ...ROOM,
    type: 'VIDEO',
    size: 'LONG',
    credits: 100,
    description: 'A long video.',
  },
  {
    code: 'regeneration.basic',
    name: 'Basic regeneration',
    feature: 'CONTENT',
    type: 'REGENERATION',
    credits: 1,
    courtesyPerDay: 3,
    description: 'Another try at a piece of content.',
  },
  {
    code: 'regeneration.advanced',
    name: 'Advanced regeneration',
    feature: 'CONTENT',
    type: 'REGENERATION',
    credits: 2,
    description: 'Another try at a piece of content, with changed instructions.',
  },
  {
    code: 'content.generate',
    name: 'Content',
    feature: 'CONTENT',
    type: 'TEXT',
    credits: 0,
    description: 'A first draft of a text.',
  },
  {
    code: 'deep_scan',
    name: 'Deep Scan',
    feature: 'BRAND_SCAN',
    type: 'DEEP_SCAN',
    creditType: 'SCAN',
    requires: 'DEEP_SCANS',
    credits: 1,
    description: 'A thorough scan of a brand.',
  },
  {
    code: 'standard_scan',
    name: 'Standard scan',
    feature: 'BRAND_SCAN',
    type: 'SCAN',
    credits: 0,
    description: 'A quick scan of a brand.',
  },
  {
    code: 'media.upload',
    name: 'Media upload',
    feature: 'MEDIA_LIBRARY',
    type: 'UPLOAD',
    credits: 0,
    description: 'A file for the media library.',
  },
];

type PackRow = [
  id: string,
  name: string,
  creditType: CreditType,
  credits: number,
  bonus: number,
  priceMinor: number,
  months: number | null,
];

const PACKS: PackRow[] = [
  ['pack.50', '50 credits', 'STANDARD', 50, 0, 900, 12],
  ['pack.200', '200 credits', 'STANDARD', 200, 20, 3_200, 12],
  ['pack.1000', '1,000 credits', 'STANDARD', 1_000, 150, 14_000, null],
  ['scan.5', '5 Deep Scans', 'SCAN', 5, 0, 3_500, 12],
  ['scan.20', '20 Deep Scans', 'SCAN', 20, 2, 12_000, 12],
];

/**
 * Puts the first plans, operations, price list and packs into a migrated database.
 *
 * What is there already stays as it is, so it may run at every start and from several processes at once.
 *
 * Source: docs/domain.md, Catalogue
 */
export async function seedCatalog(dataSource: DataSource): Promise<void> {
  await dataSource.transaction(async (manager) => {
    await manager
      .createQueryBuilder()
      .insert()
      .into(PlanEntity)
      .values(
        PLANS.map(({ isPaid, ...plan }, rank) => ({
          ...plan,
          productionRoom: isPaid,
          deepScans: isPaid,
          canPurchase: isPaid,
          rolloverCap: 0,
          priceCurrency: CURRENCY,
          rank,
        })),
      )
      .orIgnore()
      .execute();
    await manager
      .createQueryBuilder()
      .insert()
      .into(OperationEntity)
      .values(
        OPERATIONS.map(({ credits: _credits, ...operation }, rank) => ({
          size: null,
          creditType: 'STANDARD' as const,
          requires: null,
          courtesyPerDay: 0,
          ...operation,
          rank,
        })),
      )
      .orIgnore()
      .execute();
    await manager
      .createQueryBuilder()
      .insert()
      .into(CreditPackEntity)
      .values(
        PACKS.map(([id, name, creditType, credits, bonusCredits, priceMinor, expiresAfterMonths], rank) => ({
          id,
          name,
          creditType,
          credits,
          bonusCredits,
          priceMinor,
          priceCurrency: CURRENCY,
          expiresAfterMonths,
          refundWindowDays: 14,
          rank,
        })),
      )
      .orIgnore()
      .execute();
    await appendPriceList(manager, {
      version: 1,
      effectiveAt: FIRST_PRICES_EFFECTIVE_AT,
      prices: new Map(OPERATIONS.map(({ code, credits }) => [code, credits])),
    });
  });
}
