import type { MigrationInterface } from 'typeorm';
import { Audit1700000011000 } from './migrations/1700000011000-audit.js';
import { PricePublications1700000011100 } from './migrations/1700000011100-price-publications.js';
import { Auth1700000000100 } from './migrations/1700000000100-auth.js';
import { Ledger1700000002000 } from './migrations/1700000002000-ledger.js';
import { Catalog1700000001000 } from './migrations/1700000001000-catalog.js';
import { WaitingCredits1700000012000 } from './migrations/1700000012000-waiting-credits.js';
import { ClosedPeriods1700000012100 } from './migrations/1700000012100-closed-periods.js';
import { KeptDigest1700000006100 } from './migrations/1700000006100-kept-digest.js';
import { LevelsByBase1700000006000 } from './migrations/1700000006000-levels-by-base.js';
import { RoomForUpdates1700000003000 } from './migrations/1700000003000-room-for-updates.js';
import { History1700000004000 } from './migrations/1700000004000-history.js';
import { KeyMakers1700000005000 } from './migrations/1700000005000-key-makers.js';
import { ListsByKind1700000005100 } from './migrations/1700000005100-lists-by-kind.js';
import { Editions1700000008000 } from './migrations/1700000008000-editions.js';
import { EventFacts1700000009000 } from './migrations/1700000009000-event-facts.js';
import { Mail1700000021000 } from './migrations/1700000021000-mail.js';
import { Paying1700000010000 } from './migrations/1700000010000-paying.js';
import { Purchases1700000013000 } from './migrations/1700000013000-purchases.js';
import { LateHolds1700000013200 } from './migrations/1700000013200-late-holds.js';
import { SandboxPayments1700000013100 } from './migrations/1700000013100-sandbox-payments.js';
import { PlanPayments1700000014000 } from './migrations/1700000014000-plan-payments.js';
import { PaymentWatch1700000013300 } from './migrations/1700000013300-payment-watch.js';
import { Refunds1700000015000 } from './migrations/1700000015000-refunds.js';
import { PlanRenewals1700000016000 } from './migrations/1700000016000-plan-renewals.js';
import { ExpiryNotices1700000019100 } from './migrations/1700000019100-expiry-notices.js';
import { MembersAndReading1700000019200 } from './migrations/1700000019200-members-and-reading.js';
import { Spending1700000019300 } from './migrations/1700000019300-spending.js';
import { ListsByWork1700000019000 } from './migrations/1700000019000-lists-by-work.js';
import { MethodRemovals1700000017100 } from './migrations/1700000017100-method-removals.js';
import { TopUps1700000017000 } from './migrations/1700000017000-top-ups.js';
import { Readiness1700000007000 } from './migrations/1700000007000-readiness.js';
import { ProjectsADay1700000005200 } from './migrations/1700000005200-projects-a-day.js';
import { Budgets1700000018000 } from './migrations/1700000018000-budgets.js';

/** Every migration, oldest first. They run in this order and are undone in reverse. */
export const migrations: (new () => MigrationInterface)[] = [
  Auth1700000000100,
  Catalog1700000001000,
  Ledger1700000002000,
  RoomForUpdates1700000003000,
  History1700000004000,
  KeyMakers1700000005000,
  ListsByKind1700000005100,
  ProjectsADay1700000005200,
  LevelsByBase1700000006000,
  KeptDigest1700000006100,
  Readiness1700000007000,
  Editions1700000008000,
  EventFacts1700000009000,
  Paying1700000010000,
  Audit1700000011000,
  PricePublications1700000011100,
  WaitingCredits1700000012000,
  ClosedPeriods1700000012100,
  Purchases1700000013000,
  SandboxPayments1700000013100,
  LateHolds1700000013200,
  PaymentWatch1700000013300,
  PlanPayments1700000014000,
  Refunds1700000015000,
  PlanRenewals1700000016000,
  TopUps1700000017000,
  MethodRemovals1700000017100,
  Budgets1700000018000,
  ListsByWork1700000019000,
  ExpiryNotices1700000019100,
  MembersAndReading1700000019200,
  Spending1700000019300,
  Mail1700000021000,
];
