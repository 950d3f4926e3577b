import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../kit/page.js';
import { DateTime } from '../kit/scalars.js';

export const MemberRoleEnum = { OWNER: 'OWNER', MEMBER: 'MEMBER', VIEWER: 'VIEWER' } as const;
registerEnumType(MemberRoleEnum, {
  name: 'MemberRole',
  description: 'What a member is to an account, as the identity provider last said.',
  valuesConfig: {
    OWNER: { description: 'All of the account.' },
    MEMBER: { description: 'Reads, reserves and spends.' },
    VIEWER: { description: 'Reads.' },
  },
});

@ObjectType({ description: 'Somebody who has been seen in an account.', simpleResolvers: true })
export class Member {
  @Field(() => ID, { description: 'As the identity provider names them, and as work is booked to them.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'As their last token said; null: they never signed in.' })
  name!: string | null;

  @Field(() => MemberRoleEnum, { nullable: true, description: 'As their last token said; null: they never signed in.' })
  role!: keyof typeof MemberRoleEnum | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When they last signed in, or work was last reserved on their behalf; by the wall clock.',
  })
  lastSeenAt!: number | null;
}

export const MemberConnection = connectionOf('Member', () => Member);
