import { Quantity, type Decimal } from '@practice-graph/kit';
import { Field, ObjectType } from 'type-graphql';

@ObjectType('TreatmentArea', { simpleResolvers: true, description: 'Area treated.' })
export class TreatmentArea {
  @Field(() => String, { description: 'Name of the area, for example glabella.' })
  name: string;

  @Field(() => Quantity, { description: 'Units used there.' })
  units: Decimal;
}
