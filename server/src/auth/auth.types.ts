import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../kit/scalars.js';

/** The kinds of caller as the schema spells them. */
export enum ViewerKind {
  USER = 'USER',
  SERVICE = 'SERVICE',
  OPERATOR = 'OPERATOR',
}
registerEnumType(ViewerKind, {
  name: 'ViewerKind',
  description: 'A person, a program of the platform or of an integrator (also every API key), or the staff of AIBC.',
});

/** Who is calling; the field `accounts` is added where accounts are known. */
@ObjectType({ description: 'Who is calling and what they may see.' })
export class Viewer {
  @Field(() => ID, { description: "The token's subject, or the id of the API key. Example: `key_01jq3…`." })
  id!: string;

  @Field(() => ViewerKind, { description: 'What sort of caller this is.' })
  kind!: ViewerKind;

  @Field(() => String, { description: 'For a person to read; the subject when the token names nobody.' })
  name!: string;

  @Field(() => [String], {
    description:
      'What the caller may do, sorted: `credits:read`, `events:read`, `credits:reserve`, `credits:purchase`, `keys:admin`, and for operators `credits:grant`, `prices:write`, `reports:read`. A role may narrow it for single accounts.',
  })
  scopes!: string[];
}

@ObjectType({ description: 'A key for programs. Its secret is never shown again after it was made.' })
export class ApiKey {
  @Field(() => ID, { description: 'Names the key; also what `revokeApiKey` takes. Example: `key_01jq3…`.' })
  id!: string;

  @Field(() => String, { description: 'As its maker called it.' })
  name!: string;

  @Field(() => [String], { description: 'What it may do: never more than its maker may.' })
  scopes!: string[];

  @Field(() => String, { description: 'The last four characters of the secret, to tell keys apart.' })
  last4!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "The member in whose place it acts: it has that member's rights, and ends when the member leaves the account. Null: made by a service or an operator.",
  })
  maker!: string | null;

  @Field(() => DateTime, { description: 'When it was made, by the wall clock.' })
  createdAt!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to about a minute; null: never.' })
  lastUsedAt!: number | null;
}

@ObjectType({ description: 'A new key and its secret.' })
export class ApiKeyCreated {
  @Field(() => ApiKey, { description: 'The key, as lists show it from now on.' })
  apiKey!: ApiKey;

  @Field(() => String, {
    description: 'Shown once. Send it as `Authorization: Bearer <secret>`. Example: `aibc_test_01jq3…_…`.',
  })
  secret!: string;
}

@InputType({ description: 'What the new key may see and do.' })
export class CreateApiKeyInput {
  @Field(() => ID, {
    nullable: true,
    description:
      'The only account the key sees. Services and operators may leave it out: the key then sees all accounts of its side.',
  })
  accountId?: string | null;

  @Field(() => String, { description: '1 to 200 characters, for people.' })
  name!: string;

  @Field(() => [String], {
    description:
      'At least one of `credits:read`, `events:read`, `credits:reserve`, `credits:purchase`, `keys:admin`, each of which the maker has too.',
  })
  scopes!: string[];
}
