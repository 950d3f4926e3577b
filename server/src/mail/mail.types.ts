import { Field, ID, InputType, ObjectType } from 'type-graphql';

@ObjectType({ description: 'Where mails about an account go, and which kinds are asked for.' })
export class EmailPreferences {
  @Field(() => String, { nullable: true, description: 'Null: no mails are sent.' })
  address!: string | null;

  @Field(() => Boolean, { description: 'Nothing is sent before the link in the first mail was followed.' })
  confirmed!: boolean;

  @Field(() => Boolean, {
    description: 'Low balances, at most one an hour for each rule, and when credits are available again.',
  })
  lowBalance!: boolean;

  @Field(() => Boolean, { description: 'A new period has begun.' })
  periodReset!: boolean;

  @Field(() => Boolean, { description: 'Receipts and payment problems.' })
  receipts!: boolean;

  @Field(() => Boolean, { description: 'Credits that end.' })
  expiring!: boolean;
}

@InputType({ description: 'What is to change; what is left out stays as it is.' })
export class SetEmailPreferencesInput {
  @Field(() => ID, { description: 'Whose mails.' })
  accountId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'One mailbox, as `anna@example.com`, at most 254 characters. Another than before is sent a confirmation link; the same, while it is not confirmed, another one. null: no mails any more.',
  })
  address?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Low balances and recoveries.' })
  lowBalance?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Period resets.' })
  periodReset?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Receipts and payment problems.' })
  receipts?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Credits that end.' })
  expiring?: boolean | null;
}
