import { connectionOf, DecimalScalar, Quantity, type Decimal } from '@practice-graph/kit';
import { Field, Int, ObjectType } from 'type-graphql';
import { UserError } from '../refusals';
import { Product } from './product.entity';

export const productConnection = connectionOf(() => Product, 'Product', 'products, by name', 'products');

@ObjectType('InjectableDetails', { simpleResolvers: true, description: 'Data of an injectable.' })
export class InjectableDetails {
  @Field(() => String, { description: 'Kind, for example botulinum toxin type A or hyaluronic acid.' })
  type: string;

  @Field(() => String, { description: 'Concentration as on the label.', nullable: true })
  concentration: string | null;

  @Field(() => DecimalScalar, {
    description: 'Usual volume of diluent in millilitres; null when it needs none.',
    nullable: true,
  })
  defaultDilutionMl: Decimal | null;

  @Field(() => [DecimalScalar], { description: 'Volumes of diluent in use, in millilitres.' })
  dilutionsMl: Decimal[];

  @Field(() => Boolean, { description: 'True when it must be reconstituted before use.' })
  reconstitutionRequired: boolean;

  @Field(() => DecimalScalar, { description: 'Hours after reconstitution that the label allows.', nullable: true })
  labelStabilityHours: Decimal | null;

  @Field(() => DecimalScalar, {
    description: "Hours that the practice's signed policy allows; null follows the label.",
    nullable: true,
  })
  policyStabilityHours: Decimal | null;

  @Field(() => Boolean, { description: 'True when the policy allows more than the label.' })
  exceedsLabel: boolean;

  @Field(() => DecimalScalar, { description: 'Volume of a prefilled syringe in millilitres.', nullable: true })
  volumePerSyringeMl: Decimal | null;

  @Field(() => Quantity, {
    description: 'Least usual dose; fewer units left in a vial raise an alert.',
    nullable: true,
  })
  minimumDose: Decimal | null;

  @Field(() => Int, { description: 'Most patients per vial; null for no limit.', nullable: true })
  maxPatientsPerVial: number | null;
}

@ObjectType('StorageRequirements', { simpleResolvers: true, description: 'How a product must be stored.' })
export class StorageRequirements {
  @Field(() => DecimalScalar, { description: 'Lowest temperature in degrees Celsius.', nullable: true })
  minTemperatureC: Decimal | null;

  @Field(() => DecimalScalar, { description: 'Highest temperature in degrees Celsius.', nullable: true })
  maxTemperatureC: Decimal | null;

  @Field(() => Boolean, { description: 'True when it belongs into a refrigerator.' })
  refrigerated: boolean;

  @Field(() => Boolean, { description: 'True when it belongs into a freezer.' })
  frozen: boolean;

  @Field(() => Boolean, { description: 'True when it must be kept dark.' })
  lightSensitive: boolean;

  @Field(() => DecimalScalar, { description: 'Highest relative humidity in percent.', nullable: true })
  maxHumidityPercent: Decimal | null;

  @Field(() => String, { description: 'Anything else.', nullable: true })
  instructions: string | null;
}

@ObjectType('ProductPayload', {
  simpleResolvers: true,
  description: 'Result of a change: the product after the change.',
})
export class ProductPayload {
  @Field(() => Product, { description: 'The product after the change; null when refused.', nullable: true })
  product: Product | null = null;

  @Field(() => [UserError], { description: 'Why the change was refused; empty when it was made.' })
  userErrors: UserError[] = [];
}
