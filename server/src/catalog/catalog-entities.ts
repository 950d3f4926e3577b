import { CatalogEditionEntity } from './catalog-edition.entity.js';
import { CreditPackEntity } from './credit-pack.entity.js';
import { OperationEntity } from './operation.entity.js';
import { PlanEntity } from './plan.entity.js';
import { PriceEntity, PriceListEntity } from './price-list.entity.js';

/** The catalogue's table classes. */
export const catalogEntities = [
  CatalogEditionEntity,
  PlanEntity,
  OperationEntity,
  PriceListEntity,
  PriceEntity,
  CreditPackEntity,
];
