import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import type { CreditType } from '../../catalog/catalog.js';
import { CreditTypeEnum } from '../../catalog/catalog.types.js';
import { connectionOf } from '../../kit/page.js';
import { Credits, DateTime, SafeInt } from '../../kit/scalars.js';
import { Reservation } from './reservation.types.js';
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

  @Field(() => String, { description: 'Why, for a person: what was priced, on which list, drawn from what.' })
  explanation!: string;
}

export const EntryConnection = connectionOf('Entry', () => Entry);
