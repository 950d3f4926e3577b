import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType } from '../../catalog/catalog.js';
import { CreditTypeEnum, Operation } from '../../catalog/catalog.types.js';
import { connectionOf } from '../../kit/page.js';
import { Credits, DateTime, SafeInt } from '../../kit/scalars.js';
import { Balance, GrantSourceEnum } from './balance.types.js';
import type { CommitCommand } from '../core/commands/commit.js';
import type { GrantSource, ReservationStatus, WorkOutcome } from '../core/state.js';

export const ReservationStatusEnum: { readonly [K in ReservationStatus]: K } = {
  HELD: 'HELD',
  COMMITTED: 'COMMITTED',
  RELEASED: 'RELEASED',
  EXPIRED: 'EXPIRED',
};
registerEnumType(ReservationStatusEnum, {
  name: 'ReservationStatus',
  description: 'Whether a reservation is open, and if not, how it ended.',
  valuesConfig: {
    HELD: { description: 'Open.' },
    COMMITTED: { description: 'The work is done; `outcome` says how it went.' },
    RELEASED: { description: 'Given back unused.' },
    EXPIRED: { description: 'Its time ran out; a commit may still land for 24 hours.' },
  },
});

export const WorkOutcomeEnum: { readonly [K in WorkOutcome]: K } = {
  SUCCEEDED: 'SUCCEEDED',
  FAILED: 'FAILED',
  BLOCKED: 'BLOCKED',
  CANCELED: 'CANCELED',
};
registerEnumType(WorkOutcomeEnum, {
  name: 'WorkOutcome',
  description: 'How work ended. Only SUCCEEDED costs anything.',
  valuesConfig: {
    SUCCEEDED: { description: 'Done.' },
    FAILED: { description: 'It broke.' },
    BLOCKED: { description: 'It was refused, for instance by moderation.' },
    CANCELED: { description: 'Somebody stopped it.' },
  },
});

export const CommitPolicyEnum: { readonly [K in CommitCommand['policy']]: K } = {
  REJECT: 'REJECT',
  IF_AVAILABLE: 'IF_AVAILABLE',
};
registerEnumType(CommitPolicyEnum, {
  name: 'CommitPolicy',
  description: 'What to do when more was used than is held.',
  valuesConfig: {
    REJECT: { description: 'Answer `CommitExceedsReservation` and change nothing.' },
    IF_AVAILABLE: {
      description:
        'Take the difference from what is available; the uncovered rest becomes `uncollected`, never a debt.',
    },
  },
});

@ObjectType({ description: 'A priced line; `committed` fills the lines in order.', simpleResolvers: true })
export class ReservationLine {
  @Field(() => Operation, { description: 'The operation, as on the price list of the line.' })
  operation!: Operation;

  @Field(() => Int, { description: 'How many, 1 to 10,000.' })
  quantity!: number;

  @Field(() => Credits, { description: 'What one costs; the price that was reserved.' })
  unitCredits!: number;

  @Field(() => Credits, { description: 'What the line was reserved at: `quantity x unitCredits`, or 0 by courtesy.' })
  credits!: number;

  @Field(() => Credits, { description: 'Committed of it so far.' })
  committed!: number;

  @Field(() => Int, { description: 'The price list it was priced on: of the reserve, or of the addition.' })
  priceListVersion!: number;
}

@ObjectType({ description: 'What a reservation took from one grant.', simpleResolvers: true })
export class GrantDraw {
  @Field(() => ID, { description: 'Which grant.' })
  grantId!: string;

  @Field(() => GrantSourceEnum, { description: 'Where that grant came from.' })
  source!: GrantSource;

  @Field(() => Credits, { description: 'How many.' })
  credits!: number;
}

@ObjectType({
  description:
    'Credits taken out of `available` before the work, pinned to the grants they came from; while HELD, a hold. `reserved = held + committed + released`.',
  simpleResolvers: true,
})
export class Reservation {
  @Field(() => ID, { description: 'Example: `rsv_01jq3…`.' })
  id!: string;

  @Field(() => ID, { description: 'Whose credits.' })
  accountId!: string;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => ReservationStatusEnum, { description: 'Whether it is open.' })
  status!: ReservationStatus;

  @Field(() => Credits, {
    description:
      'Taken out of available in all; grows when lines are added, and when a commit above the hold holds more.',
  })
  reserved!: number;

  @Field(() => Credits, { description: 'Still on hold; 0 once closed.' })
  held!: number;

  @Field(() => Credits, { description: 'Spent.' })
  committed!: number;

  @Field(() => Credits, { description: 'Given back, also by expiry.' })
  released!: number;

  @Field(() => Credits, { description: 'Work done that no credits could cover.' })
  uncollected!: number;

  @Field(() => [ReservationLine], { description: 'What it is for, in the order asked; added lines come last.' })
  lines!: ReservationLine[];

  @Field(() => Int, { description: 'The price list it was opened on; what was added says its own.' })
  priceListVersion!: number;

  @Field(() => [GrantDraw], { description: 'Which grants the credits came from.' })
  draws!: GrantDraw[];

  @Field(() => String, { nullable: true, description: 'As given.' })
  project!: string | null;

  @Field(() => ID, { nullable: true, description: 'On whose behalf; the caller when nobody was named.' })
  member!: string | null;

  @Field(() => String, { nullable: true, description: 'As given.' })
  reference!: string | null;

  @Field(() => WorkOutcomeEnum, { nullable: true, description: 'How the work ended; null while held or expired.' })
  outcome!: WorkOutcome | null;

  @Field(() => SafeInt, {
    description: 'The account version that last changed it: a cache keeps the higher, within one history.',
  })
  version!: number;

  @Field(() => ID, { description: 'The history that `version` counts in. Example: `hist_01jq3…`.' })
  history!: string;

  @Field(() => DateTime, { description: "When it was opened, on the account's clock." })
  createdAt!: number;

  @Field(() => DateTime, { description: 'Half-open: at this instant it is expired.' })
  expiresAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it was closed; null while held.' })
  closedAt!: number | null;
}

export const ReservationConnection = connectionOf('Reservation', () => Reservation);

@ObjectType({ description: 'What was done, and the balance it left.', simpleResolvers: true })
export class ReservationReceipt {
  @Field(() => Reservation, { description: 'As it is now.' })
  reservation!: Reservation;

  @Field(() => Balance, { description: 'As it is now.' })
  balance!: Balance;

  @Field(() => Boolean, { description: 'True when this answers a repeated key.' })
  replayed!: boolean;
}
