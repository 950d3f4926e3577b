import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../kit/page.js';
import { DateTime } from '../kit/scalars.js';

@ObjectType({
  description: 'Who did what, when. Written together with the deed, never changed.',
  simpleResolvers: true,
})
export class AuditEntry {
  @Field(() => ID, { description: 'Unique, opaque.' })
  id!: string;

  @Field(() => DateTime, {
    description: "When it was done, by the account's own time; what is about keys and price lists, by the wall clock.",
  })
  at!: number;

  @Field(() => ID, { nullable: true, description: 'The account; null for what is about no single one.' })
  accountId!: string | null;

  @Field(() => String, { description: 'Who did it. Example: `user:carla`, `operator:ops`, `system`.' })
  actor!: string;

  @Field(() => String, { description: 'What was done, as a short word that never changes. Example: `grant.created`.' })
  action!: string;

  @Field(() => String, { description: 'What was done, in one sentence for a person.' })
  summary!: string;
}

export const AuditEntryConnection = connectionOf('AuditEntry', () => AuditEntry);
