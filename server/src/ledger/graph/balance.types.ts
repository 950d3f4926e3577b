import { Field, Float, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType } from '../../catalog/catalog.js';
import { CreditTypeEnum } from '../../catalog/catalog.types.js';
import { connectionOf } from '../../kit/page.js';
import { Credits, DateTime, SafeInt } from '../../kit/scalars.js';
import type { BalanceView, GrantSource } from '../core/state.js';

export const BalanceLevelEnum: { readonly [K in BalanceView['level']]: K } = {
  OK: 'OK',
  LOW: 'LOW',
  CRITICAL: 'CRITICAL',
  EMPTY: 'EMPTY',
};
registerEnumType(BalanceLevelEnum, {
  name: 'BalanceLevel',
  description: 'How near a balance is to its end: the most severe low-balance rule that has fired.',
  valuesConfig: {
    OK: { description: 'No rule has fired.' },
    LOW: { description: 'By default at 20 % of what there was.' },
    CRITICAL: { description: 'By default at 5 % of what there was.' },
    EMPTY: { description: 'Nothing is available.' },
  },
});

export const GrantSourceEnum: { readonly [K in GrantSource]: K } = {
  ALLOWANCE: 'ALLOWANCE',
  UPGRADE: 'UPGRADE',
  PURCHASE: 'PURCHASE',
  BONUS: 'BONUS',
  PROMOTION: 'PROMOTION',
  ADJUSTMENT: 'ADJUSTMENT',
  ROLLOVER: 'ROLLOVER',
};
registerEnumType(GrantSourceEnum, {
  name: 'GrantSource',
  description: 'Where a lot of credits came from.',
  valuesConfig: {
    ALLOWANCE: { description: "The plan's, for one period." },
    UPGRADE: { description: 'The difference to a larger plan, for the rest of the period.' },
    PURCHASE: { description: 'Paid for in a pack.' },
    BONUS: { description: 'On top of a pack, or given by an operator.' },
    PROMOTION: { description: 'Given by an operator.' },
    ADJUSTMENT: { description: 'An operator putting something right.' },
    ROLLOVER: { description: 'Left from the last allowance, where the plan lets it.' },
  },
});

@ObjectType({
  description:
    'What an account has of one credit type, at one version. No two different balances share a version: keep the highest.',
  simpleResolvers: true,
})
export class Balance {
  @Field(() => ID, { description: "Stable per account and credit type, so that a client's cache follows it." })
  id!: string;

  @Field(() => ID, { description: 'Whose it is.' })
  accountId!: string;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => Credits, { description: 'Can be reserved now: `allowanceLeft + purchased + promotional`.' })
  available!: number;

  @Field(() => Credits, { description: 'Held by open reservations.' })
  held!: number;

  @Field(() => Credits, { description: 'Committed in this period.' })
  used!: number;

  @Field(() => Credits, { description: 'Granted by the plan in this period.' })
  allowance!: number;

  @Field(() => Credits, {
    description: 'Left of it (with upgrade and rollover). `available = allowanceLeft + purchased + promotional`.',
  })
  allowanceLeft!: number;

  @Field(() => Credits, { description: 'Left from packs and their bonus.' })
  purchased!: number;

  @Field(() => Credits, { description: 'Left from promotions and corrections.' })
  promotional!: number;

  @Field(() => Credits, { description: 'Owned but not usable on this plan; not in `available`.' })
  waiting!: number;

  @Field(() => Float, { description: '100 x used / (used + held + available); 0 when that is 0.' })
  usedPercent!: number;

  @Field(() => BalanceLevelEnum, {
    description: 'The most severe rule that has fired; EMPTY whenever nothing is available.',
  })
  level!: BalanceView['level'];

  @Field(() => DateTime, {
    description: "The period's end: what is unused of the allowance goes, the new allowance comes.",
  })
  nextResetAt!: number;

  @Field(() => SafeInt, { description: "The account's version: grows by one with every change, no gaps." })
  version!: number;

  @Field(() => ID, {
    description:
      'Versions are comparable within one history only: a balance of another history replaces this one, whatever its version. Changes when the database was restored or a standby took over. Example: `hist_01jq3…`.',
  })
  history!: string;

  @Field(() => DateTime, { description: "When that version was written, on the account's clock." })
  asOf!: number;
}

@ObjectType({
  description: 'A lot of credits. `granted = available + held + spent + expired + refunded + revoked`.',
  simpleResolvers: true,
})
export class Grant {
  @Field(() => ID, { description: 'Example: `grant_01jq3…`.' })
  id!: string;

  @Field(() => GrantSourceEnum, { description: 'Where it came from.' })
  source!: GrantSource;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits.' })
  creditType!: CreditType;

  @Field(() => Credits, { description: 'How many there were at first.' })
  granted!: number;

  @Field(() => Credits, { description: 'Free.' })
  available!: number;

  @Field(() => Credits, { description: 'Held by open reservations.' })
  held!: number;

  @Field(() => Credits, { description: 'Committed.' })
  spent!: number;

  @Field(() => Credits, { description: 'Unused at its end.' })
  expired!: number;

  @Field(() => Credits, { description: 'Given back for money.' })
  refunded!: number;

  @Field(() => Credits, { description: 'Taken back.' })
  revoked!: number;

  @Field(() => Int, { description: 'Lower burns first: 10, 20 or 30, by source.' })
  priority!: number;

  @Field(() => DateTime, { description: 'Usable from this instant on.' })
  effectiveAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'At this instant it is expired; null: never.' })
  expiresAt!: number | null;
}

export const GrantConnection = connectionOf('Grant', () => Grant);
