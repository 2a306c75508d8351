import { Field, ObjectType } from 'type-graphql';

@ObjectType('Address', { simpleResolvers: true, description: 'Postal address.' })
export class Address {
  @Field(() => String, { description: 'Street and number.' })
  street: string;

  @Field(() => String, { description: 'Second line.', nullable: true })
  street2: string | null;

  @Field(() => String, { description: 'Town or city.' })
  city: string;

  @Field(() => String, { description: 'State, province or region.', nullable: true })
  state: string | null;

  @Field(() => String, { description: 'Postal code, checked against the country.', nullable: true })
  zipCode: string | null;

  @Field(() => String, { description: 'ISO 3166 country code of two letters.' })
  country: string;
}
