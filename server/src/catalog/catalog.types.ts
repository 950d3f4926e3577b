import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Credits, DateTime, SafeInt } from '../kit/scalars.js';
import type * as catalog from './catalog.js';

type Spelled<Name extends string> = { readonly [K in Name]: K };

export const CreditTypeEnum: Spelled<catalog.CreditType> = { STANDARD: 'STANDARD', SCAN: 'SCAN' };
registerEnumType(CreditTypeEnum, {
  name: 'CreditType',
  description: 'What credits pay for. The two never mix.',
  valuesConfig: {
    STANDARD: { description: 'Monthly and purchased credits.' },
    SCAN: { description: 'For Deep Scans only.' },
  },
});

export const PlanCodeEnum: Spelled<catalog.PlanCode> = { FREE: 'FREE', PRO: 'PRO', ENTERPRISE: 'ENTERPRISE' };
registerEnumType(PlanCodeEnum, { name: 'PlanCode', description: 'Names a plan.' });

export const FeatureEnum: Spelled<catalog.Feature> = {
  PRODUCTION_ROOM: 'PRODUCTION_ROOM',
  CONTENT: 'CONTENT',
  BRAND_SCAN: 'BRAND_SCAN',
  MEDIA_LIBRARY: 'MEDIA_LIBRARY',
};
registerEnumType(FeatureEnum, { name: 'Feature', description: 'The part of the platform that work is done in.' });

export const OperationTypeEnum: Spelled<catalog.OperationType> = {
  IMAGE: 'IMAGE',
  AUDIO: 'AUDIO',
  VIDEO: 'VIDEO',
  REGENERATION: 'REGENERATION',
  DEEP_SCAN: 'DEEP_SCAN',
  TEXT: 'TEXT',
  SCAN: 'SCAN',
  UPLOAD: 'UPLOAD',
};
registerEnumType(OperationTypeEnum, { name: 'OperationType', description: 'The kind of work.' });

export const SizeEnum: Spelled<catalog.Size> = { SHORT: 'SHORT', MID: 'MID', LONG: 'LONG' };
registerEnumType(SizeEnum, {
  name: 'Size',
  description: 'How long, or for images how complex, the result is.',
  valuesConfig: {
    SHORT: { description: 'Short; a simple image.' },
    MID: { description: 'Medium; a moderate image.' },
    LONG: { description: 'Long; a complex image.' },
  },
});

@ObjectType({ description: 'An amount of money.', simpleResolvers: true })
export class Money {
  @Field(() => SafeInt, { description: 'Minor units: 700 is 7.00.' })
  amountMinor!: number;

  @Field(() => String, { description: 'ISO 4217. Example: `USD`.' })
  currency!: string;
}

@ObjectType({ description: 'What an account is on: its allowance a period and what it may do.', simpleResolvers: true })
export class Plan {
  @Field(() => PlanCodeEnum, { description: 'Names the plan.' })
  code!: catalog.PlanCode;

  @Field(() => String, { description: 'For a person to read.' })
  name!: string;

  @Field(() => Credits, { description: 'Allowance a period, in STANDARD credits.' })
  monthlyCredits!: number;

  @Field(() => Boolean, { description: 'Whether images, audio and video may be generated.' })
  productionRoom!: boolean;

  @Field(() => Boolean, { description: 'Whether Deep Scans may be run.' })
  deepScans!: boolean;

  @Field(() => Boolean, { description: 'Whether packs may be bought.' })
  canPurchase!: boolean;

  @Field(() => Money, { nullable: true, description: 'A month; null: by agreement.' })
  price!: Money | null;
}

@ObjectType({ description: 'A priced thing.', simpleResolvers: true })
export class Operation {
  @Field(() => ID, { description: 'As in `image.short`.' })
  code!: string;

  @Field(() => String, { description: 'For a person to read.' })
  name!: string;

  @Field(() => FeatureEnum, { description: 'The part of the platform it belongs to.' })
  feature!: catalog.Feature;

  @Field(() => OperationTypeEnum, { description: 'The kind of work.' })
  type!: catalog.OperationType;

  @Field(() => SizeEnum, { nullable: true, description: 'Null where the work has no sizes.' })
  size!: catalog.Size | null;

  @Field(() => CreditTypeEnum, { description: 'What it is paid with.' })
  creditType!: catalog.CreditType;

  @Field(() => Credits, { description: 'What one costs on this price list.' })
  credits!: number;

  @Field(() => String, { description: 'One sentence about the work.' })
  description!: string;
}

@ObjectType({
  description: 'All operations with their costs from an instant on. A version never changes.',
  simpleResolvers: true,
})
export class PriceList {
  @Field(() => Int, { description: 'Grows with every list.' })
  version!: number;

  @Field(() => DateTime, { description: 'From when on it is in force.' })
  effectiveAt!: number;

  @Field(() => [Operation], { description: 'Every operation, in the order of the catalogue.' })
  operations!: Operation[];
}

@ObjectType({ description: 'Credits that can be bought at once.', simpleResolvers: true })
export class CreditPack {
  @Field(() => ID, { description: 'As in `pack.50`.' })
  id!: string;

  @Field(() => String, { description: 'For a person to read.' })
  name!: string;

  @Field(() => CreditTypeEnum, { description: 'What kind of credits it holds.' })
  creditType!: catalog.CreditType;

  @Field(() => Credits, { description: 'Credits paid for.' })
  credits!: number;

  @Field(() => Credits, { description: 'Credits on top, free of charge.' })
  bonusCredits!: number;

  @Field(() => Money, { description: 'For the whole pack.' })
  price!: Money;

  @Field(() => Int, {
    nullable: true,
    description: 'Months after the purchase in which the credits can be used; null: they never expire.',
  })
  expiresAfterMonths!: number | null;

  @Field(() => Int, { description: 'Days after the payment in which what is unused can be given back.' })
  refundWindowDays!: number;
}
