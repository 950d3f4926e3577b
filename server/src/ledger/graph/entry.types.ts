import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType } from '../../catalog/catalog.js';
import { CreditTypeEnum } from '../../catalog/catalog.types.js';
import { connectionOf } from '../../kit/page.js';
import { Credits, DateTime, LocalDate, SafeInt } from '../../kit/scalars.js';
import { Reservation } from './reservation.types.js';
import type { EntryCause } from '../core/cause.js';
import type { EntryKind } from '../core/state.js';

export const EntryKindEnum: { readonly [K in EntryKind]: K } = {
  GRANT: 'GRANT',
  RESERVE: 'RESERVE',
  COMMIT: 'COMMIT',
  RELEASE: 'RELEASE',
  EXPIRE: 'EXPIRE',
  REFUND: 'REFUND',
  REVOKE: 'REVOKE',
};
registerEnumType(EntryKindEnum, {
  name: 'EntryKind',
  description: 'From where to where credits moved. Nothing else moves credits.',
  valuesConfig: {
    GRANT: { description: 'From outside to available.' },
    RESERVE: { description: 'From available to held.' },
    COMMIT: { description: 'From held to spent.' },
    RELEASE: { description: 'From held to available.' },
    EXPIRE: { description: 'From available to expired.' },
    REFUND: { description: 'From available to refunded.' },
    REVOKE: { description: 'From available to revoked.' },
  },
});

export const EntryCauseEnum: { readonly [K in EntryCause]: K } = {
  ACCOUNT_CREATED: 'ACCOUNT_CREATED',
  RESERVED: 'RESERVED',
  ADDED: 'ADDED',
  SPENT: 'SPENT',
  COMMITTED: 'COMMITTED',
  RELEASED: 'RELEASED',
  RESERVATION_EXPIRED: 'RESERVATION_EXPIRED',
  GRANTED: 'GRANTED',
  GRANT_EXPIRED: 'GRANT_EXPIRED',
  PERIOD_RESET: 'PERIOD_RESET',
  PLAN_CHANGED: 'PLAN_CHANGED',
  PURCHASED: 'PURCHASED',
  REFUNDED: 'REFUNDED',
  DISPUTED: 'DISPUTED',
  REVOKED: 'REVOKED',
  PAYMENT_FAILED: 'PAYMENT_FAILED',
};
registerEnumType(EntryCauseEnum, {
  name: 'EntryCause',
  description: 'Why credits moved: what the decision was that wrote the entry. All entries of one version share it.',
  valuesConfig: {
    ACCOUNT_CREATED: { description: 'The account was created, with the allowance of the period it was born in.' },
    RESERVED: { description: 'Work was about to begin.' },
    ADDED: { description: 'Open work turned out larger.' },
    SPENT: { description: 'Work was held and paid in one step.' },
    COMMITTED: { description: 'Work was done; the rest of its hold came back.' },
    RELEASED: { description: 'A hold was given back unused.' },
    RESERVATION_EXPIRED: { description: 'The time of a hold ran out.' },
    GRANTED: { description: 'An operator gave credits.' },
    GRANT_EXPIRED: { description: 'Credits came to their end.' },
    PERIOD_RESET: { description: 'A period ended and the next began.' },
    PLAN_CHANGED: { description: 'The account came on another plan.' },
    PURCHASED: { description: 'A pack was paid.' },
    REFUNDED: { description: 'What was left of a pack was refunded.' },
    DISPUTED: { description: "The buyer's bank took a payment back, or gave it back." },
    REVOKED: { description: 'An operator took credits back.' },
    PAYMENT_FAILED: { description: 'The plan was not paid: what its allowance had left was taken back.' },
  },
});

@InputType({ description: 'Which entries; all that is said must be so. Empty: all.' })
export class EntryFilter {
  @Field(() => [EntryKindEnum], { nullable: true, description: 'Only these kinds, at least one.' })
  kinds?: EntryKind[] | null;

  @Field(() => ID, { nullable: true, description: 'Only what this reservation moved. Example: `rsv_01jq3…`.' })
  reservationId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only of reservations with this reference; empty: of those without one.',
  })
  reference?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only of reservations of this project; empty: of those without one.',
  })
  project?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only of work that was done on behalf of this member.' })
  member?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only credits of this grant. Example: `grant_01jq3…`.' })
  grantId?: string | null;

  @Field(() => LocalDate, {
    nullable: true,
    description: "First day, in the account's zone; 1970 or later. Default: from the beginning.",
  })
  from?: string | null;

  @Field(() => LocalDate, { nullable: true, description: 'Inclusive. Not before `from`. Default: until now.' })
  to?: string | null;
}

@ObjectType({ description: 'One immutable movement of credits in the ledger.', simpleResolvers: true })
export class Entry {
  @Field(() => ID, { description: 'Example: `entry_01jq3…`.' })
  id!: string;

  @Field(() => EntryKindEnum, { description: 'From where to where.' })
  kind!: EntryKind;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => Credits, { description: 'How many; never 0.' })
  amount!: number;

  @Field(() => Credits, {
    description: 'What the account owned free of holds just before, with what waits for a paid plan.',
  })
  availableBefore!: number;

  @Field(() => Credits, { description: 'The same just after.' })
  availableAfter!: number;

  @Field(() => Credits, { description: 'What the account held just before.' })
  heldBefore!: number;

  @Field(() => Credits, { description: 'What the account held just after.' })
  heldAfter!: number;

  @Field(() => SafeInt, { description: 'The account version; all entries of one decision share it.' })
  version!: number;

  @Field(() => ID, { nullable: true, description: 'The grant that the credits belong to.' })
  grantId!: string | null;

  @Field(() => Reservation, { nullable: true, description: 'The reservation that moved them, as it is now.' })
  reservation!: Reservation | null;

  @Field(() => String, {
    description: 'Who did it: `user:…`, `service:…`, `operator:…`, or `system` for what came due.',
  })
  actor!: string;

  @Field(() => DateTime, { description: "When, on the account's clock." })
  at!: number;

  @Field(() => EntryCauseEnum, {
    description: 'Why, for programs and other languages; `explanation` says it in English.',
  })
  cause!: EntryCause;

  @Field(() => String, { description: 'Why, for a person: what was priced, on which list, drawn from what.' })
  explanation!: string;
}

export const EntryConnection = connectionOf('Entry', () => Entry);
