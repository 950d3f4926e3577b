import { ACCOUNT } from './account-rows.js';
import { CARD, NEXT_END } from './account-tables.js';
import { CLOSED_PERIOD } from './closed-period-rows.js';
import type { RowDescription } from './describe-row.js';
import { AUDIT } from './audit-rows.js';
import { EVENT } from './event-rows.js';
import { ROW_KINDS } from '../core/state.js';
import { ownedKind } from './owned-rows.js';
import { JOURNAL } from './journal-rows.js';
import { USAGE } from './usage-rows.js';
import { WAITING } from './waiting-rows.js';

/** Every kind of row that the ledger writes. */
export const DESCRIPTIONS: readonly RowDescription<unknown, never>[] = [
  ACCOUNT,
  CARD,
  NEXT_END,
  ...ROW_KINDS.map((kind) => ownedKind(kind).description),
  JOURNAL,
  EVENT,
  AUDIT,
  USAGE,
  WAITING,
  CLOSED_PERIOD,
];
